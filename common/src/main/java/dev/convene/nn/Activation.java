package dev.convene.nn;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a hidden unit makes of its weighted input z.
 *
 * <p>The loops have neither branches nor type conversions, which is what the JIT needs to turn them
 * into vector instructions.
 */
public enum Activation {
  /** max(0, z); derivative 0 at 0, as in PyTorch. */
  RELU {
    @Override
    void apply(float[] values, int n) {
      for (int i = 0; i < n; i++) {
        values[i] = Math.max(values[i], 0f);
      }
    }

    @Override
    void applyInTraining(float[] values, float[] derivatives, float[] factors, int n) {
      for (int i = 0; i < n; i++) {
        float positive = Math.max(values[i], 0f);
        derivatives[i] = indicator(positive) * factors[i];
        values[i] = positive * factors[i];
      }
    }
  },

  /** z where positive, else 0.01 z. */
  LEAKY_RELU {
    @Override
    void apply(float[] values, int n) {
      for (int i = 0; i < n; i++) {
        values[i] = Math.max(values[i], LEAKY_SLOPE * values[i]);
      }
    }

    @Override
    void applyInTraining(float[] values, float[] derivatives, float[] factors, int n) {
      for (int i = 0; i < n; i++) {
        float z = values[i];
        float derivative = LEAKY_SLOPE + (1 - LEAKY_SLOPE) * indicator(Math.max(z, 0f));
        derivatives[i] = derivative * factors[i];
        values[i] = Math.max(z, LEAKY_SLOPE * z) * factors[i];
      }
    }
  },

  /** 1 / (1 + exp(-z)). */
  SIGMOID {
    @Override
    void apply(float[] values, int n) {
      Sigmoid.inPlace(values, n);
    }

    @Override
    void applyInTraining(float[] values, float[] derivatives, float[] factors, int n) {
      apply(values, n);
      for (int i = 0; i < n; i++) {
        float value = values[i];
        derivatives[i] = value * (1 - value) * factors[i];
        values[i] = value * factors[i];
      }
    }
  },

  /** Hyperbolic tangent. */
  TANH {
    @Override
    void apply(float[] values, int n) {
      for (int i = 0; i < n; i++) {
        values[i] = (float) Math.tanh(values[i]);
      }
    }

    @Override
    void applyInTraining(float[] values, float[] derivatives, float[] factors, int n) {
      apply(values, n);
      for (int i = 0; i < n; i++) {
        float value = values[i];
        derivatives[i] = (1 - value * value) * factors[i];
        values[i] = value * factors[i];
      }
    }
  };

  /** PyTorch's default, and the lecture's. */
  private static final float LEAKY_SLOPE = 0.01f;

  /** As settings and descriptions name it, such as {@code leaky-relu}. */
  public String settingName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The activation that settings name so.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Activation ofSetting(String name) {
    return Arrays.stream(values())
        .filter(activation -> activation.settingName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no activation " + name));
  }

  /** Replaces the first n values z by the activation's. */
  abstract void apply(float[] values, int n);

  /**
   * Replaces the first n values z by the activation's and stores its derivatives at z, both times
   * dropout's factors.
   */
  abstract void applyInTraining(float[] values, float[] derivatives, float[] factors, int n);

  /** 1 for a positive number however small, 0 for 0. */
  private static float indicator(float notNegative) {
    return Math.min(notNegative * 0x1p127f * 0x1p127f, 1f);
  }
}
