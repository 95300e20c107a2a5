package dev.convene.html;

import java.util.ArrayList;
import java.util.List;

/**
 * An element of a page. All text and all attributes' values pass through here and are escaped:
 * names of columns, classes and settings stay text, whatever they hold.
 */
final class Element {
  private static final List<String> WITHOUT_CONTENT = List.of("br", "img", "meta");

  private final String tag;
  private final StringBuilder attributes = new StringBuilder();
  private final List<Object> content = new ArrayList<>();

  private record Text(String escaped) {}

  private Element(String tag) {
    this.tag = tag;
  }

  static Element of(String tag) {
    return new Element(tag);
  }

  /** An element of text. */
  static Element of(String tag, String text) {
    return of(tag).text(text);
  }

  /** An element of a class of the style sheet. */
  static Element classed(String tag, String className) {
    return of(tag).with("class", className);
  }

  Element with(String attribute, String value) {
    attributes.append(' ').append(attribute).append("=\"").append(escaped(value)).append('"');
    return this;
  }

  Element with(String attribute, int value) {
    return with(attribute, Integer.toString(value));
  }

  Element text(String text) {
    content.add(new Text(escaped(text)));
    return this;
  }

  Element add(Element child) {
    content.add(child);
    return this;
  }

  Element addAll(List<Element> children) {
    content.addAll(children);
    return this;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  void appendTo(StringBuilder html) {
    html.append('<').append(tag).append(attributes).append('>');
    for (Object part : content) {
      if (part instanceof Element child) {
        child.appendTo(html);
      } else if (part instanceof Text text) {
        html.append(text.escaped);
      }
    }
    if (!WITHOUT_CONTENT.contains(tag)) {
      html.append("</").append(tag).append('>');
    }
  }

  @Override
  public String toString() {
    StringBuilder html = new StringBuilder();
    appendTo(html);
    return html.toString();
  }
}
