package dev.convene.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Optional;

/** Where values come from, in the user's words: {@code conf/x.conf: 12}, --set or default. */
final class Origins {
  static final String OVERRIDE = "--set";
  private static final String MERGE = "merge of ";

  private Origins() {}

  static String words(ConfigOrigin origin) {
    if (isDefault(origin)) {
      return "default";
    }
    // Overrides are put together by Config.withValue, which becomes the origin of groups.
    String description = origin.description().replaceFirst("withValue\\(.*?\\)", OVERRIDE);
    if (description.startsWith(MERGE)) {
      return description.substring(MERGE.length()).replace(",", ", ");
    }
    return description.startsWith(OVERRIDE + ": ") ? OVERRIDE : description;
  }

  static boolean isDefault(ConfigOrigin origin) {
    return origin.resource() != null;
  }

  /** What stands at the key, null and unresolved substitutions included; empty if nothing does. */
  static Optional<ConfigValue> valueAt(Config config, String key) {
    ConfigValue value = config.root();
    try {
      for (String element : ConfigUtil.splitPath(key)) {
        if (!(value instanceof ConfigObject object)) {
          return Optional.empty();
        }
        value = object.get(element);
      }
    } catch (ConfigException.NotResolved insideASubstitution) {
      return Optional.empty();
    }
    return Optional.ofNullable(value);
  }
}
