package dev.convene.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The constants of enums as settings, Params and model files write them: kebab-case. */
public final class SettingName {
  private SettingName() {}

  /** {@code leaky-relu} for {@code LEAKY_RELU}. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The constant of that name; empty if there is none. */
  public static <E extends Enum<E>> Optional<E> find(Class<E> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> of(constant).equals(name))
        .findFirst();
  }
}
