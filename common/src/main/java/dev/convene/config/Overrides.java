package dev.convene.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.convene.ConveneException;
import java.util.List;

/** The command line's {@code --set KEY=VALUE}. */
final class Overrides {
  private Overrides() {}

  /** A later override of a key replaces an earlier one. */
  static Config parse(List<String> overrides) {
    Config parsed = ConfigFactory.empty();
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 1) {
        throw ConveneException.usage("--set %s: write it as --set KEY=VALUE", override);
      }
      String key = override.substring(0, equals).trim();
      String text = override.substring(equals + 1);
      parsed = parsed.withValue(path(key), value(key, text));
    }
    return parsed;
  }

  private static ConfigValue value(String key, String text) {
    if (text.equals("null")) {
      return ConfigValueFactory.fromAnyRef(null, Origins.OVERRIDE);
    }
    if (isNameOfTheUsers(key)) {
      return ConfigValueFactory.fromAnyRef(text, Origins.OVERRIDE);
    }
    Setting<?> setting =
        Keys.all().stream()
            .filter(known -> known.key().equals(key))
            .findFirst()
            .orElseThrow(() -> UnknownKeys.unknown(key, Origins.OVERRIDE));
    return setting.isLiteral(text)
        ? ConfigValueFactory.fromAnyRef(text, Origins.OVERRIDE)
        : parsed(setting, text);
  }

  private static boolean isNameOfTheUsers(String key) {
    return Keys.all().stream()
        .anyMatch(known -> known.isByName() && key.startsWith(known.key() + "."));
  }

  private static ConfigValue parsed(Setting<?> setting, String text) {
    try {
      return ConfigFactory.parseString(
              "value = " + text,
              ConfigParseOptions.defaults().setOriginDescription(Origins.OVERRIDE))
          .resolve()
          .getValue("value")
          .withOrigin(ConfigOriginFactory.newSimple(Origins.OVERRIDE));
    } catch (ConfigException e) {
      throw ConveneException.usage(
          "%s is %s (%s), but must be %s",
          setting.key(), text, Origins.OVERRIDE, setting.allowed());
    }
  }

  /** A name of the user's may hold any character. */
  private static String path(String key) {
    return ConfigUtil.joinPath(key.split("\\.", -1));
  }
}
