package dev.convene.config;

import static java.util.stream.Collectors.toMap;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The values that a setting allows, and how each is read from HOCON.
 *
 * @param allowed the values in words: completes "must be ..."
 * @param reader empty for a value that is not allowed
 * @param ofNull what null means; empty: it is not allowed
 * @param words that stand for a number: the first for none, which is empty; the next for -1, and so
 *     on
 * @param form how the value is written
 */
record ValueType<T>(
    String allowed,
    Function<ConfigValue, Optional<T>> reader,
    Optional<T> ofNull,
    List<String> words,
    Form form) {

  /** How a value is written. */
  enum Form {
    /** One text, which {@code --set} takes as it stands. */
    TEXT,
    /** A text or a list of texts. */
    TEXTS,
    /** An object whose names are the user's: columns, labels, options. */
    OBJECT,
    /** An object whose names are the user's, of lists and objects, which {@code --set} parses. */
    OBJECT_OF_LISTS,
    /** Anything else, which {@code --set} parses. */
    PARSED
  }

  private static <T> ValueType<T> parsed(
      String allowed, Function<ConfigValue, Optional<T>> reader) {
    return new ValueType<>(allowed, reader, Optional.empty(), List.of(), Form.PARSED);
  }

  private static <T> ValueType<T> ofText(
      String allowed, Function<ConfigValue, Optional<T>> reader) {
    return new ValueType<>(allowed, reader, Optional.empty(), List.of(), Form.TEXT);
  }

  static ValueType<String> text() {
    return ofText("a text", ValueType::nonEmpty);
  }

  static ValueType<LocalDate> date() {
    return ofText("a date such as 2026-11-26", value -> scalar(value).flatMap(ValueType::date));
  }

  private static Optional<LocalDate> date(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeParseException noDate) {
      return Optional.empty();
    }
  }

  static ValueType<String> choice(String... names) {
    List<String> known = Arrays.asList(names);
    return ofText(orList(known), value -> scalar(value).filter(known::contains));
  }

  /** The constants of an enum, by their {@link SettingName}s. */
  static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    Map<String, E> byName =
        Arrays.stream(type.getEnumConstants())
            .collect(toMap(SettingName::of, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    return ofText(
        orList(List.copyOf(byName.keySet())),
        value -> scalar(value).flatMap(name -> Optional.ofNullable(byName.get(name))));
  }

  /** A list of texts; a text alone is a list of one, null is the empty list. */
  static ValueType<List<String>> texts() {
    return new ValueType<>(
        "a text or a list of texts",
        value ->
            value.valueType() == ConfigValueType.LIST
                ? elements(value, ValueType::nonEmpty)
                : nonEmpty(value).map(List::of),
        Optional.of(List.of()),
        List.of(),
        Form.TEXTS);
  }

  /**
   * Texts by names of the user's. A dot in a name may be written as a nested object, as HOCON does.
   */
  static ValueType<Map<String, String>> textsByName() {
    return byName("an object of texts", ValueType::scalar);
  }

  /** Numbers by names of the user's. */
  static ValueType<Map<String, Double>> decimalsByName(Range range) {
    return byName("an object of numbers" + range.words(), value -> decimal(value, range));
  }

  /** Whole numbers by names of the user's. */
  static ValueType<Map<String, Integer>> integersByName(Range range) {
    return byName("an object of whole numbers" + range.words(), value -> whole(value, range));
  }

  private static <V> ValueType<Map<String, V>> byName(
      String allowed, Function<ConfigValue, Optional<V>> reader) {
    return new ValueType<>(
        allowed, value -> flattened(value, reader), Optional.of(Map.of()), List.of(), Form.OBJECT);
  }

  /** Values to search, by the keys of settings. */
  static ValueType<SearchSpace> searchSpace() {
    return new ValueType<>(
        "an object of lists of values, or of ranges { from = 0.001, to = 0.1, scale = log }",
        SearchSpace::read,
        Optional.of(SearchSpace.EMPTY),
        List.of(),
        Form.OBJECT_OF_LISTS);
  }

  static ValueType<Boolean> flag() {
    return parsed(
        "true or false",
        value -> scalar(value).filter(List.of("true", "false")::contains).map(Boolean::valueOf));
  }

  static ValueType<Integer> integer(Range range) {
    return parsed("a whole number" + range.words(), value -> whole(value, range));
  }

  static ValueType<Long> longInteger() {
    return parsed(
        "a whole number of 64 bits",
        value -> number(value).flatMap(number -> exact(number::longValueExact)));
  }

  /** A whole number, or a word: the first is read as empty, the next as -1. */
  static ValueType<OptionalInt> integerOr(List<String> words, Range range) {
    return new ValueType<>(
        "a whole number" + range.words() + ", or " + String.join(" or ", words),
        value ->
            scalar(value)
                .map(words::indexOf)
                .filter(index -> index >= 0)
                .map(index -> index == 0 ? OptionalInt.empty() : OptionalInt.of(-index))
                .or(() -> whole(value, range).map(OptionalInt::of)),
        Optional.empty(),
        words,
        Form.PARSED);
  }

  /** A whole number, or the word, which is read as empty. */
  static ValueType<OptionalInt> integerOr(String word, Range range) {
    return integerOr(List.of(word), range);
  }

  static ValueType<List<Integer>> integers(Range range) {
    return parsed(
        "a list of whole numbers" + range.words(),
        value -> elements(value, element -> whole(element, range)));
  }

  static ValueType<Double> decimal(Range range) {
    return parsed("a number" + range.words(), value -> decimal(value, range));
  }

  /** A number for all layers, or a list of one for each. */
  static ValueType<LayerRates> rates(Range range) {
    return parsed(
        "a number" + range.words() + ", or a list of such numbers",
        value ->
            value.valueType() == ConfigValueType.LIST
                ? elements(value, rate -> decimal(rate, range)).map(LayerRates::each)
                : decimal(value, range).map(LayerRates::same));
  }

  /** The same values, and null, which is read as empty. */
  ValueType<Optional<T>> optional() {
    return new ValueType<>(
        allowed,
        value -> Optional.of(reader.apply(value)).filter(Optional::isPresent),
        Optional.of(Optional.empty()),
        words,
        form);
  }

  /** The Java value; empty if it is not allowed. */
  Optional<T> read(ConfigValue value) {
    return value.valueType() == ConfigValueType.NULL ? ofNull : reader.apply(value);
  }

  /** Reads a Java value as if it were written; empty if it is not allowed. */
  Optional<T> readJava(Object value) {
    return read(ConfigValueFactory.fromAnyRef(value));
  }

  /** Whether {@code --set} takes this text as it stands instead of parsing it. */
  boolean isLiteral(String text) {
    return switch (form) {
      case TEXT -> true;
      case TEXTS -> !text.startsWith("[");
      case OBJECT, OBJECT_OF_LISTS, PARSED -> false;
    };
  }

  /** Whether {@code --set} takes the text of one of the user's names as it stands. */
  boolean isLiteralByName() {
    return form == Form.OBJECT;
  }

  /** A scalar's text as it was written, so that no digit is lost. */
  static Optional<String> scalar(ConfigValue value) {
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

  static Optional<Double> decimal(ConfigValue value, Range range) {
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
      } else if (element.valueType() != ConfigValueType.NULL) {
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
