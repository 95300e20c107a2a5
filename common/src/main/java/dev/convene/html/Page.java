package dev.convene.html;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A self-contained page: style, scripts, charts' numbers and images are in the one file, and a
 * Content-Security-Policy lets a browser run no other script and fetch nothing.
 */
final class Page {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String title;
  private final List<Element> sections = new ArrayList<>();
  private final List<Map<String, Object>> charts = new ArrayList<>();

  Page(String title) {
    this.title = title;
  }

  /** Adds a part of the page. */
  void add(Element section) {
    sections.add(section);
  }

  /** The place of a chart. */
  Element chart(Chart chart) {
    charts.add(chart.specification());
    return Element.classed("figure", "chart").with("data-chart", charts.size() - 1);
  }

  /** The file's text. */
  String html() {
    String library = webjar("uPlot.iife.min.js");
    String own = resource("page.js");
    StringBuilder html = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n");
    List<Element> head =
        List.of(
            Element.of("meta").with("charset", "utf-8"),
            Element.of("meta")
                .with("http-equiv", "Content-Security-Policy")
                .with(
                    "content",
                    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src %s %s"
                        .formatted(hash(library), hash(own))),
            Element.of("meta")
                .with("name", "viewport")
                .with("content", "width=device-width, initial-scale=1"),
            Element.of("meta").with("name", "color-scheme").with("content", "light dark"),
            Element.of("title", title));
    head.forEach(element -> html.append(element).append('\n'));
    html.append("<style>\n")
        .append(webjar("uPlot.min.css"))
        .append('\n')
        .append(resource("page.css"))
        .append("</style>\n</head>\n<body>\n<main>\n");
    sections.forEach(section -> html.append(section).append('\n'));
    html.append("</main>\n<script type=\"application/json\" id=\"charts\">")
        .append(json())
        .append("</script>\n<script>")
        .append(library)
        .append("</script>\n<script>")
        .append(own)
        .append("</script>\n</body>\n</html>\n");
    return html.toString();
  }

  /** As text of a script element, which only a tag can end. */
  private String json() {
    try {
      return MAPPER.writeValueAsString(charts).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Numbers and texts are always JSON.", e);
    }
  }

  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  /** A file of the chart library, where its webjar has it. */
  private static String webjar(String file) {
    Properties versions = new Properties();
    try (InputStream in = Page.class.getResourceAsStream("webjars.properties")) {
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return resource(
        "/META-INF/resources/webjars/uplot/" + versions.getProperty("uplot") + "/dist/" + file);
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
