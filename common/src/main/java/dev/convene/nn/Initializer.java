package dev.convene.nn;

import dev.convene.nn.Distribution.Kaiming;
import dev.convene.nn.Distribution.Linear;
import dev.convene.nn.Distribution.Normal;
import dev.convene.nn.Distribution.Shape;
import dev.convene.nn.Distribution.Uniform;
import dev.convene.nn.Distribution.Xavier;
import dev.convene.nn.Distribution.Zero;
import dev.convene.nn.RandomStream.Purpose;
import java.io.Serializable;

/**
 * How parameters start: torch.nn.init's ways for the weights, with biases 0, and torch.nn.Linear's
 * own.
 */
public record Initializer(Distribution weights, Distribution biases) implements Serializable {
  private static final Distribution ZERO = new Zero();

  /** Xavier's, uniform, with gain 1. */
  public static final Initializer XAVIER = xavierUniform(1);

  /** Kaiming's, uniform by fan-in, with the gain of relu. */
  public static final Initializer KAIMING = kaimingUniform(Fan.IN, Activation.RELU);

  /** With mean 0 and standard deviation 1. */
  public static final Initializer NORMAL = normal(0, 1);

  /** Only a network without hidden layers learns from there. */
  public static final Initializer ZEROS = ofWeights(ZERO);

  /** What torch.nn.Linear does: weights and biases uniform within 1 / sqrt(fan-in). */
  public static final Initializer PYTORCH = new Initializer(new Linear(), new Linear());

  private static Initializer ofWeights(Distribution weights) {
    return new Initializer(weights, ZERO);
  }

  public static Initializer normal(double mean, double std) {
    return ofWeights(new Normal(mean, std));
  }

  public static Initializer uniform(double low, double high) {
    return ofWeights(new Uniform(low, high));
  }

  public static Initializer xavierUniform(double gain) {
    return ofWeights(new Xavier(Shape.UNIFORM, gain));
  }

  public static Initializer xavierNormal(double gain) {
    return ofWeights(new Xavier(Shape.NORMAL, gain));
  }

  /** With the gain of the activation, whichever layer it is. */
  public static Initializer kaimingUniform(Fan fan, Activation activation) {
    return ofWeights(new Kaiming(Shape.UNIFORM, fan, activation.squaredGain()));
  }

  /** With the gain of the activation, whichever layer it is. */
  public static Initializer kaimingNormal(Fan fan, Activation activation) {
    return ofWeights(new Kaiming(Shape.NORMAL, fan, activation.squaredGain()));
  }

  /** The parameters that a network starts from; the same for the same seed. */
  public float[] initialParameters(DenseNetwork network, long seed) {
    float[] parameters = new float[network.parameterCount()];
    int number = 0;
    for (Layer layer : network.stack()) {
      if (layer.parameterCount() > 0) {
        RandomStream random = RandomStream.of(seed, Purpose.INITIAL_PARAMETERS, number++);
        layer.initialize(parameters, this, random);
      }
    }
    return parameters;
  }
}
