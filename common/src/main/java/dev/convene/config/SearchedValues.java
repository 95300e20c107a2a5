package dev.convene.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.convene.ConveneException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** The values of one setting that a search tries. */
sealed interface SearchedValues {
  ConfigOrigin origin();

  /**
   * Checks them before one is taken.
   *
   * @throws ConveneException (usage) if there is none, or one that the setting does not allow
   */
  void check(Setting<?> setting);

  /** All of them; empty if there is no end of them. */
  Optional<List<ConfigValue>> all();

  ConfigValue draw(Setting<?> setting, SplittableRandom random);

  /** Empty if the value is neither a list nor a range. */
  static Optional<SearchedValues> read(ConfigValue value) {
    if (value instanceof ConfigList list) {
      return Optional.of(new Listed(List.copyOf(list), list.origin()));
    }
    return value instanceof ConfigObject object && isRange(object)
        ? Interval.read(object)
        : Optional.empty();
  }

  /** Whether an object is a range, and not settings by their names. */
  static boolean isRange(ConfigObject object) {
    return object.containsKey("from") || object.containsKey("to");
  }

  private static ConveneException refused(Setting<?> setting, String value, ConfigOrigin origin) {
    return ConveneException.usage(
        "tune.space has %s for %s (%s), which must be %s",
        value, setting, Origins.words(origin), setting.allowed());
  }

  /** Values one by one. */
  record Listed(List<ConfigValue> values, ConfigOrigin origin) implements SearchedValues {
    @Override
    public void check(Setting<?> setting) {
      if (values.isEmpty()) {
        throw ConveneException.usage(
            "tune.space has no value for %s (%s): list some, or leave it out",
            setting, Origins.words(origin));
      }
      for (ConfigValue value : values) {
        if (!Setting.isNull(value) && setting.read(value).isEmpty()) {
          throw refused(setting, Settings.rendered(value), value.origin());
        }
      }
    }

    @Override
    public Optional<List<ConfigValue>> all() {
      return Optional.of(values);
    }

    @Override
    public ConfigValue draw(Setting<?> setting, SplittableRandom random) {
      return values.get(random.nextInt(values.size()));
    }
  }

  /** All numbers from one to another, on average as many of each length, or of each size. */
  record Interval(double from, double to, boolean isLogarithmic, ConfigOrigin origin)
      implements SearchedValues {
    private static final Set<String> NAMES = Set.of("from", "to", "scale");
    private static final MathContext DIGITS = new MathContext(3);

    static Optional<SearchedValues> read(ConfigObject object) {
      Optional<Double> from = number(object, "from");
      Optional<Double> to = number(object, "to");
      String scale =
          Optional.ofNullable(object.get("scale")).flatMap(ValueType::scalar).orElse("linear");
      boolean isKnown = scale.equals("linear") || scale.equals("log");
      if (from.isEmpty() || to.isEmpty() || !isKnown || !NAMES.containsAll(object.keySet())) {
        return Optional.empty();
      }
      return Optional.of(new Interval(from.get(), to.get(), scale.equals("log"), object.origin()));
    }

    private static Optional<Double> number(ConfigObject object, String name) {
      return Optional.ofNullable(object.get(name))
          .flatMap(value -> ValueType.decimal(value, Range.ANY));
    }

    @Override
    public void check(Setting<?> setting) {
      for (double end : new double[] {from, to}) {
        if (value(setting, end).isEmpty()) {
          throw refused(setting, String.valueOf(end), origin);
        }
      }
      if (!(from < to) || (isLogarithmic && from <= 0)) {
        throw ConveneException.usage(
            "tune.space has a range from %s to %s for %s (%s): it must go up%s",
            from, to, setting, Origins.words(origin), isLogarithmic ? " from above 0" : "");
      }
    }

    @Override
    public Optional<List<ConfigValue>> all() {
      return Optional.empty();
    }

    @Override
    public ConfigValue draw(Setting<?> setting, SplittableRandom random) {
      double place = random.nextDouble();
      double drawn =
          isLogarithmic
              ? Math.exp(Math.log(from) + place * (Math.log(to) - Math.log(from)))
              : from + place * (to - from);
      double rounded = new BigDecimal(drawn).round(DIGITS).doubleValue();
      return value(setting, Math.max(from, Math.min(to, rounded))).orElseThrow();
    }

    /** As a number that the setting takes, be it a whole one. */
    private Optional<ConfigValue> value(Setting<?> setting, double number) {
      ConfigValue exact = ConfigValueFactory.fromAnyRef(number, Origins.words(origin));
      if (setting.read(exact).isPresent()) {
        return Optional.of(exact);
      }
      ConfigValue whole =
          ConfigValueFactory.fromAnyRef((long) Math.rint(number), Origins.words(origin));
      return Optional.of(whole).filter(value -> setting.read(value).isPresent());
    }
  }
}
