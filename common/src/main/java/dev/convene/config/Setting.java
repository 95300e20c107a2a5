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
 * <p>Only some values of another setting, its owner, may have it, as only some optimizers have a
 * momentum. The reference gives one default for each of them: {@code momentum { sgd = 0.0 }}.
 */
public final class Setting<T> {
  private static final int PARAM_OF_NONE = 0;

  private final String key;
  private final ValueType<T> type;
  private final Optional<String> paramName;
  private final Optional<String> listParamName;
  private final boolean isParam;
  private final Optional<Setting<? extends Enum<?>>> owner;

  private Setting(
      String key,
      ValueType<T> type,
      Optional<String> paramName,
      Optional<String> listParamName,
      boolean isParam,
      Optional<Setting<? extends Enum<?>>> owner) {
    this.key = key;
    this.type = type;
    this.paramName = paramName;
    this.listParamName = listParamName;
    this.isParam = isParam;
    this.owner = owner;
  }

  Setting(String key, ValueType<T> type) {
    this(key, type, Optional.empty(), Optional.empty(), false, Optional.empty());
  }

  /** The same setting with a Param of that name, which takes its values. */
  Setting<T> param(String name) {
    return new Setting<>(key, type, Optional.of(name), listParamName, true, owner);
  }

  /** The same setting with a second Param of that name, which takes those values that are lists. */
  Setting<T> listParam(String name) {
    return new Setting<>(key, type, paramName, Optional.of(name), isParam, owner);
  }

  /** The same setting with a Param of that name, which takes values of another kind. */
  Setting<T> knownAs(String name) {
    return new Setting<>(key, type, Optional.of(name), listParamName, false, owner);
  }

  /** The same setting, which only those values of its owner have that the reference names. */
  Setting<T> of(Setting<? extends Enum<?>> owner) {
    return new Setting<>(key, type, paramName, listParamName, isParam, Optional.of(owner));
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

  /** The setting of which only some values have this one; empty if it is always there. */
  public Optional<Setting<? extends Enum<?>>> owner() {
    return owner;
  }

  /** The owner and its value in words: {@code optimizer adam}. */
  String ownerAndValue(Chosen chosen) {
    Setting<? extends Enum<?>> present = owner.orElseThrow();
    String group = present.key.replaceAll("\\.name$", "");
    return "%s %s"
        .formatted(
            group.substring(group.lastIndexOf('.') + 1), SettingName.of(chosen.value(present)));
  }

  /** Whether the owner's value has it: always so if it has no owner. */
  boolean isOf(Chosen chosen) {
    return owner.isEmpty() || defaultsByOwner().containsKey(chosen.value(owner.get()));
  }

  /** The names of the owner's values that have it. */
  List<String> namesOfOwners() {
    return defaultsByOwner().keySet().stream().map(SettingName::of).toList();
  }

  /** The default; that of the owner's value, null if this does not have it. */
  public T defaultFor(Chosen chosen) {
    return owner.isPresent() ? defaultsByOwner().get(chosen.value(owner.get())) : defaultValue();
  }

  /** The default of a setting without an owner. */
  public T defaultValue() {
    return read(Reference.at(key)).orElseThrow();
  }

  /** In the order of the owner's values. */
  private Map<Enum<?>, T> defaultsByOwner() {
    Map<Enum<?>, T> defaults = new TreeMap<>(Comparator.comparing(Enum::ordinal));
    ((ConfigObject) Reference.at(key))
        .forEach(
            (name, value) ->
                defaults.put(
                    owner.orElseThrow().read(ConfigValueFactory.fromAnyRef(name)).orElseThrow(),
                    read(value).orElseThrow()));
    return defaults;
  }

  /** What it means, and its defaults where they depend on its owner: one line. */
  public String doc() {
    String meaning = Reference.comment(key);
    if (type.wordForNone().isPresent()) {
      return "%s As a Param, %s is %s.".formatted(meaning, type.wordForNone().get(), PARAM_OF_NONE);
    }
    if (owner.isPresent()) {
      return defaultsByOwner().entrySet().stream()
          .map(entry -> SettingName.of(entry.getKey()) + " " + toParam(entry.getValue()))
          .collect(Collectors.joining(", ", meaning + " If not set: ", "."));
    }
    return meaning;
  }

  /** The value as a Param holds it: an array for a list of numbers, 0 for an empty number. */
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
    if (type.wordForNone().isPresent() && value.equals(PARAM_OF_NONE)) {
      return type.readJava(type.wordForNone().get());
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
    return type.form() == ValueType.Form.OBJECT;
  }

  /** Whether {@code --set} takes this text as it stands instead of parsing it. */
  boolean isLiteral(String text) {
    return type.isLiteral(text);
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
