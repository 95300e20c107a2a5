package dev.convene.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.Arrays;
import java.util.Comparator;
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
 * <p>Some belong to what another setting chooses: only some optimizers have a momentum. The
 * reference gives such a setting one default for each choice that has it: {@code momentum { sgd =
 * 0.0 }}.
 */
public final class Setting<T> {
  private final String key;
  private final ValueType<T> type;
  private final Optional<String> paramName;
  private final Optional<String> listParamName;
  private final boolean isParam;
  private final Optional<Setting<? extends Enum<?>>> choice;

  private Setting(
      String key,
      ValueType<T> type,
      Optional<String> paramName,
      Optional<String> listParamName,
      boolean isParam,
      Optional<Setting<? extends Enum<?>>> choice) {
    this.key = key;
    this.type = type;
    this.paramName = paramName;
    this.listParamName = listParamName;
    this.isParam = isParam;
    this.choice = choice;
  }

  Setting(String key, ValueType<T> type) {
    this(key, type, Optional.empty(), Optional.empty(), false, Optional.empty());
  }

  /** The same setting with a Param of that name, which takes its values. */
  Setting<T> param(String name) {
    return new Setting<>(key, type, Optional.of(name), listParamName, true, choice);
  }

  /** The same setting with a second Param of that name, which takes those values that are lists. */
  Setting<T> listParam(String name) {
    return new Setting<>(key, type, paramName, Optional.of(name), isParam, choice);
  }

  /** The same setting with a Param of that name, which takes values of another kind. */
  Setting<T> knownAs(String name) {
    return new Setting<>(key, type, Optional.of(name), listParamName, false, choice);
  }

  /** The same setting, which only those choices have that the reference names. */
  Setting<T> of(Setting<? extends Enum<?>> chosenBy) {
    return new Setting<>(key, type, paramName, listParamName, isParam, Optional.of(chosenBy));
  }

  public String key() {
    return key;
  }

  /** The name of the Param of spark.ml; empty if the Estimators have none. */
  public Optional<String> paramName() {
    return paramName;
  }

  /** The name of the Param for lists; empty if there is no such second one. */
  public Optional<String> listParamName() {
    return listParamName;
  }

  /** The name of the Param that takes a value. */
  public String paramNameFor(T value) {
    boolean isList = value instanceof LayerRates rates && !rates.isOneForAll();
    return (isList ? listParamName : paramName).orElseThrow();
  }

  /** Whether the Param takes this setting's values. */
  boolean isParam() {
    return isParam;
  }

  /** The allowed values in words: completes "must be ...". */
  public String allowed() {
    return type.allowed();
  }

  /** The setting whose choice decides whether there is this one; empty if it is always there. */
  public Optional<Setting<? extends Enum<?>>> choice() {
    return choice;
  }

  /** What is chosen by this setting: {@code optimizer} of {@code train.optimizer.name}. */
  String noun() {
    String chosen = key.endsWith(".name") ? key.substring(0, key.lastIndexOf('.')) : key;
    return chosen.substring(chosen.lastIndexOf('.') + 1);
  }

  /** Whether that choice has it: always so if it is always there. */
  public boolean isOf(Enum<?> chosen) {
    return choice.isEmpty() || defaultsByChoice().containsKey(chosen);
  }

  /** The names of the choices that have it. */
  List<String> namesOfChoices() {
    return defaultsByChoice().keySet().stream().map(SettingName::of).toList();
  }

  /** The default for that choice; null if the choice does not have it. */
  public T defaultFor(Enum<?> chosen) {
    return defaultsByChoice().get(chosen);
  }

  /** The default of a setting that is always there. */
  public T defaultValue() {
    return read(Reference.at(key)).orElseThrow();
  }

  private Map<Enum<?>, T> defaultsByChoice() {
    Map<Enum<?>, T> defaults = new TreeMap<>(Comparator.comparingInt(Enum::ordinal));
    ((ConfigObject) Reference.at(key))
        .forEach(
            (name, value) ->
                defaults.put(
                    choice.orElseThrow().read(ConfigValueFactory.fromAnyRef(name)).orElseThrow(),
                    read(value).orElseThrow()));
    return defaults;
  }

  /** What it means, and its defaults where they depend on a choice: one line. */
  public String doc() {
    StringBuilder doc = new StringBuilder(Reference.comment(key));
    for (String word : type.words()) {
      doc.append(" As a Param, %s is %s.".formatted(word, -type.words().indexOf(word)));
    }
    if (choice.isPresent()) {
      doc.append(
          defaultsByChoice().entrySet().stream()
              .map(entry -> SettingName.of(entry.getKey()) + " " + text(entry.getValue()))
              .collect(Collectors.joining(", ", " If not set: ", ".")));
    }
    return doc.toString();
  }

  /** A value in the words of a settings file, such as the word for an empty number. */
  String text(T value) {
    if (value instanceof OptionalInt number) {
      return number.orElse(0) > 0
          ? String.valueOf(number.getAsInt())
          : type.words().get(-number.orElse(0));
    }
    return value instanceof Enum<?> constant ? SettingName.of(constant) : String.valueOf(value);
  }

  /** The value as a Param holds it: an array for a list of numbers, 0 for an empty number. */
  public Object toParam(T value) {
    if (value instanceof OptionalInt number) {
      return number.orElse(0);
    }
    if (value instanceof Optional<?> text) {
      return text.map(String.class::cast).orElse("");
    }
    if (value instanceof Enum<?> constant) {
      return SettingName.of(constant);
    }
    if (value instanceof LayerRates rates) {
      return rates.isOneForAll()
          ? rates.rates().get(0)
          : rates.rates().stream().mapToDouble(Double::doubleValue).toArray();
    }
    if (value instanceof List<?> list) {
      return list.stream().mapToInt(element -> (Integer) element).toArray();
    }
    return value;
  }

  /** The value that a Param holds; empty if the setting does not allow it. */
  public Optional<T> fromParam(Object value) {
    if (value instanceof Integer number && number <= 0 && -number < type.words().size()) {
      return type.readJava(type.words().get(-number));
    }
    if (value instanceof int[] numbers) {
      return type.readJava(Arrays.stream(numbers).boxed().toList());
    }
    if (value instanceof double[] numbers) {
      return type.readJava(Arrays.stream(numbers).boxed().toList());
    }
    return type.readJava(value);
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
