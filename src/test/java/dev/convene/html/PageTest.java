package dev.convene.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final String EVIL = "</script><img src=x onerror=alert(1)>\"'&";

  @Test
  void textStaysText() {
    Element element = Element.of("td", EVIL).with("title", EVIL);

    assertThat(element)
        .hasToString(
            "<td title=\"&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;\">"
                + "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;</td>");
  }

  @Test
  void namesInChartsEndNoScript() {
    Page page = new Page(EVIL);
    page.add(
        page.chart(
            new Chart(Chart.Kind.LINES, EVIL, EVIL, new double[] {1, 2})
                .series(EVIL, new double[] {1, 2})));
    String html = page.html();

    // The three scripts' own ends, and no other.
    assertThat(html.split("</script>", -1)).hasSize(4);
    assertThat(html).doesNotContain("<img").contains("\\u003c/script>\\u003cimg src=x");
  }

  @Test
  void whatIsNoNumberIsAGap() {
    Chart chart =
        new Chart(Chart.Kind.LINES, "t", "x", new double[] {1, 2, 3})
            .series("s", new double[] {0.1234567, Double.NaN, Double.POSITIVE_INFINITY});

    assertThat(chart.specification().get("series").toString())
        .contains("values=[0.123457, null, null]");
  }

  @Test
  void nothingIsFetched() {
    assertThat(new Page("t").html())
        .contains("default-src &#39;none&#39;", "uPlot")
        .doesNotContainPattern("(src|href)=\"?https?:");
  }

  @Test
  void bestMetricsAreMarked() {
    Comparison comparison =
        new Comparison(
            List.of(
                new ComparedRun(
                    "a",
                    List.of(),
                    Map.of("train.epochs", "3"),
                    Map.of("accuracy", 0.9, "loss", 0.5, "rows", 10.0, "r2", 0.5)),
                new ComparedRun(
                    "b",
                    List.of(),
                    Map.of(),
                    Map.of("accuracy", 0.8, "loss", 0.4, "rows", 20.0, "r2", 0.5))));

    assertThat(comparison.metrics().header()).containsExactly("metric", "a", "b");
    assertThat(comparison.metrics().lines())
        .containsExactly(
            new Comparison.Line("accuracy", List.of("0.9", "0.8"), List.of(true, false)),
            new Comparison.Line("loss", List.of("0.5", "0.4"), List.of(false, true)),
            new Comparison.Line("r2", List.of("0.5", "0.5"), List.of(false, false)),
            new Comparison.Line("rows", List.of("10", "20"), List.of(false, false)));
    assertThat(comparison.settings().lines())
        .containsExactly(
            new Comparison.Line("train.epochs", List.of("3", "–"), List.of(false, false)));
  }
}
