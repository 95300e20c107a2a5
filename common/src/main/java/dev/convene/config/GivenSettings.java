package dev.convene.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a user gives: conf, all that it includes, and overrides, merged into one, with substitutions
 * as they are written. Rendered, it can be loaded on another machine, where alone the substitutions
 * are resolved.
 */
public final class GivenSettings {
  /** As Spark decides which of its own settings to hide: spark.redaction.regex. */
  private static final Pattern SECRET =
      Pattern.compile("secret|password|token|access[.]?key", Pattern.CASE_INSENSITIVE);

  private final Config given;

  private GivenSettings(Config given) {
    this.given = given;
  }

  /**
   * Reads them.
   *
   * @param conf a HOCON file; null for overrides alone
   * @throws dev.convene.ConveneException of status USAGE if a file is missing or not HOCON, or an
   *     override wrong
   */
  public static GivenSettings load(Path conf, List<String> overrides) {
    return new GivenSettings(merged(conf, overrides));
  }

  /**
   * Those of a text, as {@link Settings#toRunAgain} gives it.
   *
   * @param origin what a message calls the text
   * @throws dev.convene.ConveneException of status USAGE if it is not HOCON, or of a newer schema
   */
  public static GivenSettings parse(String text, String origin) {
    return new GivenSettings(ConfFile.parse(text, origin));
  }

  /** The given values as HOCON, by their keys in the reference's order, as they are written. */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Setting<?> setting : Keys.all()) {
      Origins.valueAt(given, setting.key())
          .map(Settings::rendered)
          .filter(text -> !text.equals("null"))
          .ifPresent(text -> texts.put(setting.key(), text));
    }
    return texts;
  }

  static Config merged(Path conf, List<String> overrides) {
    Config file = conf == null ? ConfigFactory.empty() : ConfFile.parse(conf);
    return Overrides.parse(overrides).withFallback(file);
  }

  /**
   * Checks them, unless a substitution decides some of them on another machine.
   *
   * @throws dev.convene.ConveneException of status USAGE, as of settings that are loaded
   */
  public void check() {
    if (given.isResolved()) {
      new Settings(given);
    }
  }

  /** A text that is written out; empty if nothing or a substitution is. */
  public Optional<String> text(Setting<Optional<String>> setting) {
    return Origins.valueAt(given, setting.key())
        .filter(value -> isWrittenOut(value) && value.valueType() == ConfigValueType.STRING)
        .map(value -> value.unwrapped().toString());
  }

  /** Whether a setting is written out as true. */
  public boolean isTrue(Setting<Boolean> setting) {
    return Origins.valueAt(given, setting.key())
        .filter(GivenSettings::isWrittenOut)
        .flatMap(setting::read)
        .orElse(false);
  }

  /** These with another text. */
  public GivenSettings with(Setting<?> setting, String text) {
    return new GivenSettings(
        given.withValue(setting.key(), ConfigValueFactory.fromAnyRef(text, Origins.OVERRIDE)));
  }

  /** These with a file that will lie in the working directory of the process that loads them. */
  public GivenSettings withFileBeside(Setting<?> setting, String name) {
    ConfigValue path =
        ConfigFactory.parseString("path = \"file:\"${PWD}" + ConfigUtil.quoteString("/" + name))
            .root()
            .get("path");
    return new GivenSettings(given.withValue(setting.key(), path));
  }

  /** The options whose names speak of a secret and whose values are written out. */
  public List<String> secretsWrittenOut() {
    List<String> secrets = new ArrayList<>();
    for (Setting<?> options : Keys.all()) {
      if (options.isByName()
          && Origins.valueAt(given, options.key()).orElse(null) instanceof ConfigObject object) {
        secretsWrittenOut(options.key(), object, secrets);
      }
    }
    return secrets;
  }

  private static void secretsWrittenOut(String key, ConfigObject object, List<String> secrets) {
    try {
      for (Map.Entry<String, ConfigValue> option : object.entrySet()) {
        String name = key + "." + option.getKey();
        if (option.getValue() instanceof ConfigObject group) {
          secretsWrittenOut(name, group, secrets);
        } else if (SECRET.matcher(option.getKey()).find() && isWrittenOut(option.getValue())) {
          secrets.add(name);
        }
      }
    } catch (ConfigException.NotResolved mergedWithASubstitution) {
      // Nothing of it is known here.
    }
  }

  private static boolean isWrittenOut(ConfigValue value) {
    try {
      return value.valueType() != ConfigValueType.NULL;
    } catch (ConfigException.NotResolved substitution) {
      return false;
    }
  }

  /** All of them as HOCON in one line. */
  public String render() {
    return given.root().render(ConfigRenderOptions.concise());
  }
}
