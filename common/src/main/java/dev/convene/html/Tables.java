package dev.convene.html;

import java.util.List;

/** Tables of texts. */
final class Tables {
  private Tables() {}

  /** A table whose rows' first cells are their headers; it scrolls by itself if it is too wide. */
  static Element of(List<String> header, List<List<String>> rows) {
    return scrolling(bare(header, rows));
  }

  static Element scrolling(Element table) {
    return Element.classed("div", "scroll").add(table);
  }

  private static Element bare(List<String> header, List<List<String>> rows) {
    Element table = Element.of("table").add(head(header));
    Element body = Element.of("tbody");
    for (List<String> row : rows) {
      Element line = Element.of("tr").add(rowHeader(row.get(0)));
      row.stream().skip(1).forEach(cell -> line.add(Element.of("td", cell)));
      body.add(line);
    }
    return table.add(body);
  }

  static Element head(List<String> header) {
    Element line = Element.of("tr");
    header.forEach(name -> line.add(Element.of("th", name).with("scope", "col")));
    return Element.of("thead").add(line);
  }

  static Element rowHeader(String name) {
    return Element.of("th", name).with("scope", "row");
  }

  /** A title and what stands below it. */
  static Element section(String title) {
    return Element.of("section").add(Element.of("h2", title));
  }
}
