package dev.convene.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.convene.ConveneException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The settings in force: the command line's {@code --set} before the user's conf before the
 * defaults of conf/reference.conf. All are checked when they are loaded.
 */
public final class Settings implements Chosen {
  /** What the user gave, substitutions unresolved. */
  private final Config given;

  private final Map<Setting<?>, InForce> inForce = new LinkedHashMap<>();

  /**
   * One setting's state.
   *
   * @param value the Java value; null if the named optimizer does not have the setting
   * @param text the value as HOCON
   */
  private record InForce(Object value, String text, String origin, boolean isGiven) {}

  Settings(Config given) {
    this.given = given;
    Config resolved = resolved(given.withFallback(Reference.DEFAULTS));
    UnknownKeys.refuseIn(resolved.root());
    Keys.all().forEach(setting -> inForce.put(setting, inForce(setting, resolved)));
    Rules.checkJob(this);
  }

  /**
   * Reads and checks all settings.
   *
   * @param conf a HOCON file; null for defaults and overrides alone
   * @param overrides {@code KEY=VALUE}, of which the last one of a key counts
   * @throws ConveneException of status USAGE if a file is missing or not HOCON, a key is unknown, a
   *     value not allowed, or two settings contradict each other
   */
  public static Settings load(Path conf, List<String> overrides) {
    return new Settings(GivenSettings.merged(conf, overrides));
  }

  /**
   * Reads and checks all settings of a text, as {@link #toRunAgain} gives it.
   *
   * @param origin what a message calls the text
   * @throws ConveneException of status USAGE as {@link #load} does
   */
  public static Settings parse(String text, String origin) {
    return new Settings(ConfFile.parse(text, origin));
  }

  @Override
  @SuppressWarnings("unchecked") // inForce() put a T there
  public <T> T value(Setting<T> setting) {
    Object value = inForce.get(setting).value();
    if (value == null) {
      Setting<? extends Enum<?>> choice = setting.choice().orElseThrow();
      throw new IllegalArgumentException(
          "%s %s has no %s".formatted(choice.noun(), SettingName.of(value(choice)), setting));
    }
    return (T) value;
  }

  /**
   * The paths in force, without which the job cannot do.
   *
   * @throws ConveneException of status USAGE if there are none
   */
  public List<String> required(Setting<List<String>> paths) {
    if (value(paths).isEmpty()) {
      throw ConveneException.usage(
          "%s is not set: name it in a conf, or with --set %s=PATH", paths, paths);
    }
    return value(paths);
  }

  /** These settings with one value decided by the program, such as what {@code auto} came to. */
  public Settings with(Setting<?> setting, Object value) {
    return with(
        Map.of(setting.key(), ConfigValueFactory.fromAnyRef(value, "decided at the start")));
  }

  /** These settings with other values of some, by their keys. */
  Settings with(Map<String, ConfigValue> values) {
    Config changed = given;
    for (Map.Entry<String, ConfigValue> value : values.entrySet()) {
      changed = changed.withValue(value.getKey(), value.getValue());
    }
    return new Settings(changed);
  }

  /** These settings, with the defaults in place of all that was given of a group. */
  public Settings without(String group) {
    return new Settings(given.withoutPath(group));
  }

  /** The values in force of some settings as HOCON, by their keys; secrets as they are written. */
  public Map<String, String> texts(Predicate<String> keys) {
    Map<String, String> texts = new TreeMap<>();
    inForce.forEach(
        (setting, state) -> {
          if (keys.test(setting.key())) {
            texts.put(setting.key(), state.text());
          }
        });
    return texts;
  }

  /**
   * A setting in force.
   *
   * @param text its value as HOCON; of a data source's options as they are written, secrets hidden
   * @param origin where it comes from, in words
   * @param isGiven whether it is no default
   */
  public record State(String key, String text, String origin, boolean isGiven) {}

  /** Every setting in force, in the reference's order. */
  public List<State> states() {
    return inForce.entrySet().stream()
        .map(
            entry ->
                new State(
                    entry.getKey().key(),
                    entry.getValue().text(),
                    entry.getValue().origin(),
                    entry.getValue().isGiven()))
        .toList();
  }

  /**
   * Every setting in the reference's order with its value and its origin, as HOCON. Options of a
   * data source keep their substitutions, which may stand for secrets.
   */
  public String describe() {
    StringBuilder text = new StringBuilder();
    inForce.forEach(
        (setting, state) ->
            text.append("%-42s # %s\n".formatted(setting + " = " + state.text(), state.origin())));
    return text.toString();
  }

  /**
   * What the user gave, conf and overrides merged, as HOCON. Substitutions stay what they are, so
   * that a secret taken from the environment is not written down. A comment names the schema.
   */
  public String toRunAgain() {
    return SchemaComment.LINE
        + given
            .root()
            .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
  }

  /** Whether the user gave a value other than null. */
  @Override
  public boolean isGiven(Setting<?> setting) {
    return inForce.get(setting).isGiven();
  }

  @Override
  public boolean classifies() {
    return value(Keys.MODEL_TASK).equals("classification");
  }

  @Override
  public boolean hasValidationRows() {
    return !value(Keys.DATA_VALIDATION).isEmpty() || value(Keys.DATA_VALIDATION_FRACTION) > 0;
  }

  @Override
  public String name(Setting<?> setting) {
    return setting.key();
  }

  @Override
  public String shortName(Setting<?> setting) {
    return setting.key().substring(setting.key().lastIndexOf('.') + 1);
  }

  @Override
  public String described(Setting<?> setting) {
    InForce state = inForce.get(setting);
    return "%s = %s (%s)".formatted(setting, state.text(), state.origin());
  }

  @Override
  public String isSet(Setting<?> setting) {
    return "%s is set (%s)".formatted(setting, inForce.get(setting).origin());
  }

  @Override
  public String validationRemedy() {
    return "%s or %s".formatted(Keys.DATA_VALIDATION, Keys.DATA_VALIDATION_FRACTION);
  }

  private <T> InForce inForce(Setting<T> setting, Config resolved) {
    return Origins.valueAt(resolved, setting.key())
        .filter(value -> !Setting.isNull(value) && !Origins.isDefault(value.origin()))
        .map(value -> given(setting, value))
        .orElseGet(() -> standard(setting));
  }

  private <T> InForce given(Setting<T> setting, ConfigValue value) {
    // A resolved substitution has forgotten the line it stood in.
    ConfigValue written = Origins.valueAt(given, setting.key()).orElse(value);
    String origin = Origins.words(written.origin());
    String text = setting.isByName() ? withoutSecrets(written, value) : rendered(value);
    T read =
        setting
            .read(value)
            .orElseThrow(
                () ->
                    ConveneException.usage(
                        "%s is %s (%s), but must be %s", setting, text, origin, setting.allowed()));
    return new InForce(read, text, origin, true);
  }

  /** The default. Null stands for it, wherever it is given. */
  private <T> InForce standard(Setting<T> setting) {
    if (setting.choice().isEmpty()) {
      String text = rendered(Reference.at(setting.key()));
      return new InForce(setting.defaultValue(), text, "default", false);
    }
    Enum<?> choice = value(setting.choice().get());
    String name = SettingName.of(choice);
    T value = setting.defaultFor(choice);
    return new InForce(
        value,
        value == null ? "null" : setting.text(value),
        value == null ? name + " has none" : "default of " + name,
        false);
  }

  /** An object as it is written; its names alone if a substitution decides which it has. */
  private static String withoutSecrets(ConfigValue written, ConfigValue resolved) {
    try {
      boolean isEmpty = written instanceof ConfigObject object && object.isEmpty();
      return isEmpty ? "{}" : rendered(written);
    } catch (ConfigException.NotResolved mergedWithASubstitution) {
      Map<String, String> names = new TreeMap<>();
      ((ConfigObject) resolved).keySet().forEach(name -> names.put(name, "(hidden)"));
      return rendered(ConfigValueFactory.fromMap(names));
    }
  }

  private static Config resolved(Config config) {
    try {
      return config.resolve();
    } catch (ConfigException e) {
      throw ConfFile.unreadable(e);
    }
  }

  static String rendered(ConfigValue value) {
    return value.render(ConfigRenderOptions.concise());
  }
}
