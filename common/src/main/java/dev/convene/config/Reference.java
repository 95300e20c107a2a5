package dev.convene.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.util.stream.Collectors;

/** conf/reference.conf: every setting's default, and its meaning as the comment above it. */
final class Reference {
  static final Config DEFAULTS =
      ConfigFactory.parseResources(
          Reference.class, "reference.conf", ConfigParseOptions.defaults().setAllowMissing(false));

  private Reference() {}

  static ConfigValue at(String key) {
    return Origins.valueAt(DEFAULTS, key).orElseThrow();
  }

  /** The comment above the key as one line. */
  static String comment(String key) {
    return at(key).origin().comments().stream().map(String::strip).collect(Collectors.joining(" "));
  }
}
