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
import java.util.Optional;
import java.util.regex.Pattern;

/** The command line's {@code --set KEY=VALUE}. */
final class Overrides {
  /**
   * HOCON's: a setting's value or a variable of the environment, with a ? one that may be missing.
   */
  private static final Pattern SUBSTITUTION =
      Pattern.compile("\\$\\{\\??[A-Za-z_][A-Za-z0-9_.-]*}");

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
    Optional<Setting<?>> holder = holderOfTheUsersNames(key);
    if (holder.isPresent()) {
      return holder.get().isLiteralByName() ? literal(text) : parsed(holder.get(), text);
    }
    Setting<?> setting =
        Keys.find(key).orElseThrow(() -> UnknownKeys.unknown(key, Origins.OVERRIDE));
    return setting.isLiteral(text) ? literal(text) : parsed(setting, text);
  }

  /** A text as it stands; where it is a substitution, that is how a secret is given. */
  private static ConfigValue literal(String text) {
    return SUBSTITUTION.matcher(text).matches()
        ? unresolved(text)
        : ConfigValueFactory.fromAnyRef(text, Origins.OVERRIDE);
  }

  /** The setting that a key lies within, if its rest is a name of the user's. */
  private static Optional<Setting<?>> holderOfTheUsersNames(String key) {
    return Keys.all().stream()
        .filter(known -> known.isByName() && key.startsWith(known.key() + "."))
        .findFirst();
  }

  private static ConfigValue parsed(Setting<?> setting, String text) {
    try {
      return unresolved(text);
    } catch (ConfigException e) {
      throw ConveneException.usage(
          "%s is %s (%s), but must be %s",
          setting.key(), text, Origins.OVERRIDE, setting.allowed());
    }
  }

  private static ConfigValue unresolved(String hocon) {
    return ConfigFactory.parseString(
            "value = " + hocon,
            ConfigParseOptions.defaults().setOriginDescription(Origins.OVERRIDE))
        .root()
        .get("value")
        .withOrigin(ConfigOriginFactory.newSimple(Origins.OVERRIDE));
  }

  /** A name of the user's may hold any character. */
  private static String path(String key) {
    return ConfigUtil.joinPath(key.split("\\.", -1));
  }
}
