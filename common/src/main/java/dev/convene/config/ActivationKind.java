package dev.convene.config;

import dev.convene.nn.Activation;
import dev.convene.nn.LeakyRelu;

/** The activations that can be chosen, by their {@link SettingName}s. */
public enum ActivationKind {
  RELU,
  LEAKY_RELU,
  SIGMOID,
  TANH,
  ELU,
  SELU,
  GELU,
  SILU,
  SOFTPLUS;

  /** The chosen activation with its chosen slope. */
  public static Activation chosenBy(Chosen chosen) {
    return switch (chosen.value(Keys.MODEL_ACTIVATION)) {
      case RELU -> Activation.RELU;
      case LEAKY_RELU -> new LeakyRelu(chosen.value(Keys.MODEL_LEAKY_SLOPE));
      case SIGMOID -> Activation.SIGMOID;
      case TANH -> Activation.TANH;
      case ELU -> Activation.ELU;
      case SELU -> Activation.SELU;
      case GELU -> Activation.GELU;
      case SILU -> Activation.SILU;
      case SOFTPLUS -> Activation.SOFTPLUS;
    };
  }
}
