package dev.convene.nn;

import java.io.Serializable;
import java.util.List;

/**
 * What a hidden unit makes of its weighted input z. Equal ones make the same of it.
 *
 * <p>The loops have neither branches nor type conversions, which is what the JIT needs to turn them
 * into vector instructions.
 */
public interface Activation extends Serializable {
  Activation RELU = new Relu();

  /** With PyTorch's default slope, which is the lecture's, too. */
  Activation LEAKY_RELU = new LeakyRelu(LeakyRelu.STANDARD_SLOPE);

  Activation SIGMOID = new Sigmoid();
  Activation TANH = new Tanh();

  /** z where positive, else exp(z) - 1 (Clevert, Unterthiner, Hochreiter 2016; alpha is 1). */
  Activation ELU = new Elu("elu", 1, 1, Relu.SQUARED_GAIN);

  /** ELU with the two constants that keep mean 0 and variance 1 (Klambauer et al. 2017). */
  Activation SELU = new Elu("selu", 1.6732632423543772, 1.0507009873554805, 9 / 16.0);

  Activation GELU = new Gelu();
  Activation SILU = new Silu();
  Activation SOFTPLUS = new Softplus();

  /** Each once. */
  List<Activation> ALL = List.of(RELU, LEAKY_RELU, SIGMOID, TANH, ELU, SELU, GELU, SILU, SOFTPLUS);

  /**
   * The activation of a {@link #description}.
   *
   * @throws IllegalArgumentException if it describes none
   */
  static Activation parse(String description) {
    return ALL.stream()
        .filter(activation -> activation.description().equals(description))
        .findFirst()
        .or(() -> LeakyRelu.parse(description))
        .orElseThrow(() -> new IllegalArgumentException("there is no activation " + description));
  }

  /**
   * As settings and saved networks name it: {@code tanh}, or {@code leaky-relu(0.2)} if a number of
   * it is not PyTorch's default.
   */
  String description();

  /**
   * The square of torch.nn.init.calculate_gain, by which Kaiming's initializers multiply the
   * variance of weights. Those that it does not know have relu's.
   */
  double squaredGain();

  /** Replaces the first n values z by the activation's. */
  void apply(float[] values, int n);

  /**
   * Replaces the first n values z by the activation's and stores its derivatives at z, both times
   * dropout's factors.
   */
  void applyInTraining(float[] values, float[] derivatives, float[] factors, int n);
}
