package dev.convene.html;

import dev.convene.report.Phase;
import java.util.List;
import java.util.Locale;

/** Where the time of a run went. */
final class TimesSection {
  private TimesSection() {}

  static Element of(List<Phase> phases) {
    double all = phases.stream().mapToDouble(Phase::seconds).sum();
    Element bar = Element.classed("div", "times").with("aria-hidden", "true");
    Element body = Element.of("tbody");
    int colour = 0;
    for (Phase phase : phases) {
      String ground = "background:var(--s%d)".formatted(colour++ % 10);
      bar.add(
          Element.of("i")
              .with(
                  "style",
                  String.format(Locale.ROOT, "%s;flex:%.4f", ground, phase.seconds() / all))
              .with("title", phase.name()));
      body.add(
          Element.of("tr")
              .add(
                  Element.of("th")
                      .with("scope", "row")
                      .add(Element.classed("i", "key").with("style", ground))
                      .text(phase.name()))
              .add(Element.of("td", Figures.duration(phase.seconds())))
              .add(Element.of("td", Figures.percent(phase.seconds() / all))));
    }
    return Tables.section("Where the time went")
        .add(bar)
        .add(
            Tables.scrolling(
                Element.of("table").add(Tables.head(List.of("part", "time", "share"))).add(body)));
  }
}
