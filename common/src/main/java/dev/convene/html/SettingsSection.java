package dev.convene.html;

import dev.convene.config.Settings;
import java.util.List;

/** The settings of a run and where each comes from; secrets are hidden. */
final class SettingsSection {
  private SettingsSection() {}

  static Element of(Settings settings) {
    List<Settings.State> all = settings.states();
    return Tables.section("Settings")
        .add(table(all.stream().filter(Settings.State::isGiven).toList()))
        .add(
            Element.of("details")
                .add(Element.of("summary", "Defaults in force"))
                .add(table(all.stream().filter(state -> !state.isGiven()).toList())));
  }

  private static Element table(List<Settings.State> states) {
    Element body = Element.of("tbody");
    for (Settings.State state : states) {
      body.add(
          Element.of("tr")
              .add(Tables.rowHeader(state.key()))
              .add(Element.of("td").add(Element.of("code", state.text())))
              .add(Element.classed("td", "soft").text(state.origin())));
    }
    return Element.classed("table", "settings")
        .add(Tables.head(List.of("setting", "value", "from")))
        .add(body);
  }
}
