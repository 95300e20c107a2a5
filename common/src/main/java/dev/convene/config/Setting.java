package dev.convene.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One setting: its key, the values it allows and their Java type. All are declared in {@link Keys};
 * {@link Settings#value} reads them.
 */
public final class Setting<T> {
  private final String key;
  private final String allowed;
  private final Predicate<String> literal;
  private final Function<ConfigValue, Optional<T>> reader;
  private final Optional<T> none;
  private final Map<String, T> optimizers;
  private final boolean byName;

  private Setting(
      String key,
      String allowed,
      Predicate<String> literal,
      Function<ConfigValue, Optional<T>> reader,
      Optional<T> none,
      Map<String, T> optimizers,
      boolean byName) {
    this.key = key;
    this.allowed = allowed;
    this.literal = literal;
    this.reader = reader;
    this.none = none;
    this.optimizers = optimizers;
    this.byName = byName;
  }

  private Setting(
      String key,
      String allowed,
      Predicate<String> literal,
      Function<ConfigValue, Optional<T>> reader) {
    this(key, allowed, literal, reader, Optional.empty(), Map.of(), false);
  }

  static Setting<String> text(String key) {
    return new Setting<>(key, "a text", text -> true, Setting::nonEmpty);
  }

  static Setting<String> choice(String key, String... names) {
    List<String> known = Arrays.asList(names);
    return new Setting<>(
        key, orList(known), text -> true, value -> scalar(value).filter(known::contains));
  }

  /** A list of texts; a text alone is a list of one, null is the empty list. */
  static Setting<List<String>> texts(String key) {
    return new Setting<>(
        key,
        "a text or a list of texts",
        text -> !text.startsWith("["),
        value ->
            value.valueType() == ConfigValueType.LIST
                ? elements(value, Setting::nonEmpty)
                : nonEmpty(value).map(List::of),
        Optional.of(List.of()),
        Map.of(),
        false);
  }

  /**
   * Texts by names of the user's. A dot in a name may be written as a nested object, as HOCON does.
   */
  static Setting<Map<String, String>> textsByName(String key) {
    return byName(key, "an object of texts", Setting::scalar);
  }

  /** Numbers by names of the user's. */
  static Setting<Map<String, Double>> decimalsByName(String key, Range range) {
    return byName(key, "an object of numbers" + range.words(), value -> decimal(value, range));
  }

  /** Whole numbers by names of the user's. */
  static Setting<Map<String, Integer>> integersByName(String key, Range range) {
    return byName(key, "an object of whole numbers" + range.words(), value -> whole(value, range));
  }

  private static <V> Setting<Map<String, V>> byName(
      String key, String allowed, Function<ConfigValue, Optional<V>> reader) {
    return new Setting<>(
        key,
        allowed,
        text -> false,
        value -> flattened(value, reader),
        Optional.of(Map.of()),
        Map.of(),
        true);
  }

  static Setting<Boolean> flag(String key) {
    return new Setting<>(
        key,
        "true or false",
        text -> false,
        value -> scalar(value).filter(List.of("true", "false")::contains).map(Boolean::valueOf));
  }

  static Setting<Integer> integer(String key, Range range) {
    return new Setting<>(
        key, "a whole number" + range.words(), text -> false, value -> whole(value, range));
  }

  static Setting<Long> longInteger(String key) {
    return new Setting<>(
        key,
        "a whole number of 64 bits",
        text -> false,
        value -> number(value).flatMap(number -> exact(number::longValueExact)));
  }

  /** A whole number, or the word, which is read as empty. */
  static Setting<OptionalInt> integerOr(String word, String key, Range range) {
    return new Setting<>(
        key,
        "a whole number" + range.words() + ", or " + word,
        text -> false,
        value ->
            scalar(value).filter(word::equals).isPresent()
                ? Optional.of(OptionalInt.empty())
                : whole(value, range).map(OptionalInt::of));
  }

  static Setting<List<Integer>> integers(String key, Range range) {
    return new Setting<>(
        key,
        "a list of whole numbers" + range.words(),
        text -> false,
        value -> elements(value, element -> whole(element, range)));
  }

  static Setting<Double> decimal(String key, Range range) {
    return new Setting<>(
        key, "a number" + range.words(), text -> false, value -> decimal(value, range));
  }

  /** The same setting, in which null is allowed and read as empty. */
  Setting<Optional<T>> optional() {
    return new Setting<>(
        key,
        allowed,
        literal,
        value -> Optional.of(reader.apply(value)).filter(Optional::isPresent),
        Optional.of(Optional.empty()),
        Map.of(),
        byName);
  }

  /**
   * The same setting, which only these optimizers have; null stands for the optimizer's default.
   */
  Setting<T> ofOptimizers(Map<String, T> defaults) {
    return new Setting<>(key, allowed, literal, reader, none, defaults, byName);
  }

  public String key() {
    return key;
  }

  /** The allowed values in words: completes "it must be ...". */
  String allowed() {
    return allowed;
  }

  /** Whether it is an object whose names are the user's: columns, labels, options. */
  boolean isByName() {
    return byName;
  }

  /** Whether {@code --set} takes this text as it stands instead of parsing it. */
  boolean isLiteral(String text) {
    return literal.test(text);
  }

  /** The Java value; empty if the setting does not allow it. */
  Optional<T> read(ConfigValue value) {
    return isNull(value) ? none : reader.apply(value);
  }

  /**
   * The default per optimizer that has this setting; empty if it does not depend on the optimizer.
   */
  Map<String, T> optimizers() {
    return optimizers;
  }

  @Override
  public String toString() {
    return key;
  }

  static boolean isNull(ConfigValue value) {
    return value.valueType() == ConfigValueType.NULL;
  }

  /** A scalar's text as it was written, so that no digit is lost. */
  private static Optional<String> scalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> Optional.of(value.atKey("value").getString("value"));
      case LIST, OBJECT, NULL -> Optional.empty();
    };
  }

  private static Optional<String> nonEmpty(ConfigValue value) {
    return scalar(value).filter(text -> !text.isBlank());
  }

  private static Optional<BigDecimal> number(ConfigValue value) {
    return scalar(value)
        .flatMap(
            text -> {
              try {
                return Optional.of(new BigDecimal(text));
              } catch (NumberFormatException notANumber) {
                return Optional.empty();
              }
            });
  }

  private static Optional<Double> decimal(ConfigValue value, Range range) {
    return number(value)
        .map(BigDecimal::doubleValue)
        .filter(number -> Double.isFinite(number) && range.contains(number));
  }

  private static Optional<Integer> whole(ConfigValue value, Range range) {
    return number(value)
        .flatMap(number -> exact(number::intValueExact))
        .filter(number -> range.contains(number));
  }

  private static <N> Optional<N> exact(Supplier<N> conversion) {
    try {
      return Optional.of(conversion.get());
    } catch (ArithmeticException fractionOrTooLarge) {
      return Optional.empty();
    }
  }

  private static <E> Optional<List<E>> elements(
      ConfigValue value, Function<ConfigValue, Optional<E>> reader) {
    if (!(value instanceof ConfigList list)) {
      return Optional.empty();
    }
    List<E> elements = new ArrayList<>();
    for (ConfigValue item : list) {
      Optional<E> element = reader.apply(item);
      if (element.isEmpty()) {
        return Optional.empty();
      }
      elements.add(element.get());
    }
    return Optional.of(List.copyOf(elements));
  }

  private static <V> Optional<Map<String, V>> flattened(
      ConfigValue value, Function<ConfigValue, Optional<V>> reader) {
    if (!(value instanceof ConfigObject object)) {
      return Optional.empty();
    }
    Map<String, V> byName = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String name = entry.getKey();
      ConfigValue element = entry.getValue();
      if (element instanceof ConfigObject) {
        Optional<Map<String, V>> nested = flattened(element, reader);
        if (nested.isEmpty()) {
          return Optional.empty();
        }
        nested.get().forEach((rest, read) -> byName.put(name + "." + rest, read));
      } else if (!isNull(element)) {
        Optional<V> read = reader.apply(element);
        if (read.isEmpty()) {
          return Optional.empty();
        }
        byName.put(name, read.get());
      }
    }
    return Optional.of(byName);
  }

  private static String orList(List<String> names) {
    int last = names.size() - 1;
    return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }
}
