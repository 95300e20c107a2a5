package dev.convene.config;

import static java.util.stream.Collectors.joining;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.convene.ConveneException;
import dev.convene.report.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The settings that a search tries, by their keys, and the values of each: {@code tune.space}. */
public final class SearchSpace {
  static final SearchSpace EMPTY = new SearchSpace(new TreeMap<>());

  private static final int MOST_CANDIDATES = 1000;
  private static final int DRAWS_PER_CANDIDATE = 100;

  private static final Set<String> SEARCHED_GROUPS = Set.of("data", "preprocess", "model", "train");

  /** They decide which rows candidates are judged by, or what their loss is. */
  private static final Set<String> SAME_FOR_ALL =
      Set.of(
          Keys.DATA_TEST.key(),
          Keys.DATA_TEST_FRACTION.key(),
          Keys.DATA_VALIDATION.key(),
          Keys.DATA_VALIDATION_FRACTION.key(),
          Keys.DATA_STRATIFY.key(),
          Keys.DATA_LABEL.key(),
          Keys.DATA_CACHE.key(),
          Keys.MODEL_TASK.key(),
          Keys.TRAIN_SEED.key());

  private final SortedMap<String, SearchedValues> valuesByKey;

  private SearchSpace(SortedMap<String, SearchedValues> valuesByKey) {
    this.valuesByKey = valuesByKey;
  }

  /** A dot in a key may be written as a nested object, as HOCON does. */
  static Optional<SearchSpace> read(ConfigValue value) {
    SortedMap<String, SearchedValues> valuesByKey = new TreeMap<>();
    return value instanceof ConfigObject object && readInto(valuesByKey, "", object)
        ? Optional.of(new SearchSpace(valuesByKey))
        : Optional.empty();
  }

  private static boolean readInto(
      SortedMap<String, SearchedValues> valuesByKey, String group, ConfigObject object) {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
      String key = group + entry.getKey();
      ConfigValue value = entry.getValue();
      if (value instanceof ConfigObject nested && !SearchedValues.isRange(nested)) {
        if (!readInto(valuesByKey, key + ".", nested)) {
          return false;
        }
      } else if (!Setting.isNull(value)) {
        Optional<SearchedValues> values = SearchedValues.read(value);
        if (values.isEmpty()) {
          return false;
        }
        valuesByKey.merge(key, values.get(), SearchSpace::stronger);
      }
    }
    return true;
  }

  /** Of a key that stands there twice, with dots and as nested objects. */
  private static SearchedValues stronger(SearchedValues nested, SearchedValues dotted) {
    return Origins.words(nested.origin()).equals(Origins.OVERRIDE) ? nested : dotted;
  }

  public boolean isEmpty() {
    return valuesByKey.isEmpty();
  }

  /**
   * Checks each setting and its values by itself.
   *
   * @throws ConveneException (usage) if one is unknown or cannot be searched, or a value is not
   *     allowed
   */
  void check(Settings settings) {
    valuesByKey.forEach(
        (key, values) -> {
          String where = Origins.words(values.origin());
          Setting<?> setting = Keys.find(key).orElseThrow(() -> UnknownKeys.unknown(key, where));
          requireSearchable(settings, setting, where);
          values.check(setting);
          if (values.all().isEmpty() && settings.value(Keys.TUNE_SEARCH).equals("grid")) {
            throw ConveneException.usage(
                "tune.space has a range for %s (%s), but a grid needs lists of values: list some, or"
                    + " set tune.search = random",
                key, where);
          }
        });
  }

  private static void requireSearchable(Settings settings, Setting<?> setting, String where) {
    String key = setting.key();
    String group = key.substring(0, key.indexOf('.'));
    if (!SEARCHED_GROUPS.contains(group) || SAME_FOR_ALL.contains(key)) {
      throw ConveneException.usage(
          "tune.space has %s (%s), which must be the same for all candidates: search settings of"
              + " preprocess, model and train",
          key, where);
    }
    if (group.equals("data") && settings.value(Keys.DATA_VALIDATION).isEmpty()) {
      throw ConveneException.usage(
          "tune.space has %s (%s), which changes the rows that %s sets aside: name rows to validate"
              + " on by %s",
          key, where, Keys.DATA_VALIDATION_FRACTION, Keys.DATA_VALIDATION);
    }
  }

  /**
   * The combinations to try: all of a grid, or as many as {@code tune.candidates} says, drawn by
   * {@code train.seed}.
   *
   * @param settings that they have in common
   * @throws ConveneException (usage) if the settings of one contradict each other, or if a grid has
   *     more than {@value #MOST_CANDIDATES}
   */
  public List<Candidate> candidates(Settings settings) {
    List<Map<String, ConfigValue>> combinations =
        settings.value(Keys.TUNE_SEARCH).equals("grid")
            ? grid()
            : drawn(settings.value(Keys.TUNE_CANDIDATES), settings.value(Keys.TRAIN_SEED));
    List<Candidate> candidates = new ArrayList<>();
    for (Map<String, ConfigValue> values : combinations) {
      candidates.add(candidate(candidates.size() + 1, values, settings));
    }
    return candidates;
  }

  private static Candidate candidate(
      int number, Map<String, ConfigValue> values, Settings settings) {
    SortedMap<String, String> texts = new TreeMap<>();
    values.forEach((key, value) -> texts.put(key, text(value)));
    try {
      return new Candidate(number, texts, settings.with(values));
    } catch (ConveneException e) {
      throw new ConveneException(
          e.status(), "candidate %s: %s".formatted(describe(texts), e.getMessage()), e);
    }
  }

  private static String text(ConfigValue value) {
    return value.unwrapped() instanceof Double number
        ? TextTable.plain(number)
        : Settings.rendered(value);
  }

  static String describe(Map<String, String> values) {
    return values.entrySet().stream()
        .map(value -> value.getKey() + " = " + value.getValue())
        .collect(joining(", "));
  }

  /** The last key's values change fastest. */
  private List<Map<String, ConfigValue>> grid() {
    List<Map<String, ConfigValue>> grid = List.of(Map.of());
    for (Map.Entry<String, SearchedValues> axis : valuesByKey.entrySet()) {
      List<ConfigValue> values = axis.getValue().all().orElseThrow();
      if ((long) grid.size() * values.size() > MOST_CANDIDATES) {
        throw ConveneException.usage(
            "tune.space makes more than %s candidates: list fewer values, or set tune.search ="
                + " random",
            MOST_CANDIDATES);
      }
      List<Map<String, ConfigValue>> longer = new ArrayList<>();
      for (Map<String, ConfigValue> begun : grid) {
        for (ConfigValue value : values) {
          Map<String, ConfigValue> combination = new TreeMap<>(begun);
          combination.put(axis.getKey(), value);
          longer.add(combination);
        }
      }
      grid = longer;
    }
    return grid;
  }

  /** Different combinations; fewer if there are not as many. */
  private List<Map<String, ConfigValue>> drawn(int count, long seed) {
    Set<Map<String, ConfigValue>> drawn = new LinkedHashSet<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (long draw = 0; drawn.size() < count && draw < (long) DRAWS_PER_CANDIDATE * count; draw++) {
      Map<String, ConfigValue> combination = new TreeMap<>();
      for (Map.Entry<String, SearchedValues> axis : valuesByKey.entrySet()) {
        Setting<?> setting = Keys.find(axis.getKey()).orElseThrow();
        combination.put(axis.getKey(), axis.getValue().draw(setting, random));
      }
      drawn.add(combination);
    }
    return List.copyOf(drawn);
  }
}
