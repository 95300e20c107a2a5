package dev.convene.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One setting: its key, the values it allows, their Java type and the spark.ml Param that stands
 * for it. All are declared in {@link Keys}; defaults and meanings are those of conf/reference.conf.
 *
 * <p>The reference gives a setting that only some optimizers have one default for each of them:
 * {@code momentum { sgd = 0.0 }}.
 */
public final class Setting<T> {
  private static final int PARAM_OF_NONE = 0;

  private final String key;
  private final ValueType<T> type;
  private final Optional<String> paramName;
  private final boolean isParam;
  private final boolean isOfOptimizers;

  private Setting(
      String key,
      ValueType<T> type,
      Optional<String> paramName,
      boolean isParam,
      boolean isOfOptimizers) {
    this.key = key;
    this.type = type;
    this.paramName = paramName;
    this.isParam = isParam;
    this.isOfOptimizers = isOfOptimizers;
  }

  Setting(String key, ValueType<T> type) {
    this(key, type, Optional.empty(), false, false);
  }

  /** The same setting with a Param of that name, which takes its values. */
  Setting<T> param(String name) {
    return new Setting<>(key, type, Optional.of(name), true, isOfOptimizers);
  }

  /** The same setting with a Param of that name, which takes values of another kind. */
  Setting<T> knownAs(String name) {
    return new Setting<>(key, type, Optional.of(name), false, isOfOptimizers);
  }

  /** The same setting, which only the optimizers have that the reference names. */
  Setting<T> ofOptimizers() {
    return new Setting<>(key, type, paramName, isParam, true);
  }

  public String key() {
    return key;
  }

  /** The name of the Param of spark.ml; empty if the Estimators have none. */
  public Optional<String> paramName() {
    return paramName;
  }

  /** Whether the Param takes this setting's values. */
  boolean isParam() {
    return isParam;
  }

  /** The allowed values in words: completes "must be ...". */
  public String allowed() {
    return type.allowed();
  }

  /** Whether only some optimizers have it. */
  public boolean isOfOptimizers() {
    return isOfOptimizers;
  }

  /** Whether the named optimizer has it: always so if it is no setting of optimizers. */
  public boolean isOf(OptimizerKind optimizer) {
    return !isOfOptimizers || defaultsByOptimizer().containsKey(optimizer);
  }

  /** The default; that of the named optimizer if only some have it. */
  public T defaultFor(OptimizerKind optimizer) {
    return isOfOptimizers ? defaultsByOptimizer().get(optimizer) : defaultValue();
  }

  /** The default of a setting that is none of optimizers. */
  public T defaultValue() {
    return read(Reference.at(key)).orElseThrow();
  }

  private Map<OptimizerKind, T> defaultsByOptimizer() {
    Map<OptimizerKind, T> defaults = new TreeMap<>();
    ((ConfigObject) Reference.at(key))
        .forEach(
            (name, value) ->
                defaults.put(
                    SettingName.find(OptimizerKind.class, name).orElseThrow(),
                    read(value).orElseThrow()));
    return defaults;
  }

  /** What it means, and its defaults where they depend on the optimizer: one line. */
  public String doc() {
    String meaning = Reference.comment(key);
    if (type.wordForNone().isPresent()) {
      return "%s As a Param, %s is %s.".formatted(meaning, type.wordForNone().get(), PARAM_OF_NONE);
    }
    if (isOfOptimizers) {
      return defaultsByOptimizer().entrySet().stream()
          .map(entry -> SettingName.of(entry.getKey()) + " " + entry.getValue())
          .collect(Collectors.joining(", ", meaning + " If not set: ", "."));
    }
    return meaning;
  }

  /** The value as a Param holds it: int[] for a list of numbers, 0 for an empty number. */
  public Object toParam(T value) {
    if (value instanceof OptionalInt number) {
      return number.orElse(PARAM_OF_NONE);
    }
    if (value instanceof Optional<?> text) {
      return text.map(String.class::cast).orElse("");
    }
    if (value instanceof Enum<?> constant) {
      return SettingName.of(constant);
    }
    if (value instanceof List<?> list) {
      return list.stream().mapToInt(element -> (Integer) element).toArray();
    }
    return value;
  }

  /** The value that a Param holds; empty if the setting does not allow it. */
  public Optional<T> fromParam(Object value) {
    if (type.wordForNone().isPresent() && value.equals(PARAM_OF_NONE)) {
      return type.readJava(type.wordForNone().get());
    }
    return type.readJava(
        value instanceof int[] numbers ? Arrays.stream(numbers).boxed().toList() : value);
  }

  /** Whether it is an object whose names are the user's: columns, labels, options. */
  boolean isByName() {
    return type.form() == ValueType.Form.OBJECT || type.form() == ValueType.Form.OBJECT_OF_LISTS;
  }

  /** Whether {@code --set} takes this text as it stands instead of parsing it. */
  boolean isLiteral(String text) {
    return type.isLiteral(text);
  }

  /** Whether {@code --set} takes the text of one of the user's names as it stands. */
  boolean isLiteralByName() {
    return type.isLiteralByName();
  }

  /** The Java value; empty if the setting does not allow it. */
  Optional<T> read(ConfigValue value) {
    return type.read(value);
  }

  static boolean isNull(ConfigValue value) {
    return value.valueType() == ConfigValueType.NULL;
  }

  @Override
  public String toString() {
    return key;
  }
}
