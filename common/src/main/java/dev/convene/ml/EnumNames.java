package dev.convene.ml;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Enum constants by the names that settings, Params and model files give them. */
final class EnumNames {
  private EnumNames() {}

  /** {@code LEAKY_RELU} is {@code leaky-relu}. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static String[] of(Enum<?>[] constants) {
    return Arrays.stream(constants).map(EnumNames::of).toArray(String[]::new);
  }

  /** The constant of that name, if there is one. */
  static <E extends Enum<E>> Optional<E> find(E[] constants, String name) {
    return Arrays.stream(constants).filter(constant -> of(constant).equals(name)).findFirst();
  }
}
