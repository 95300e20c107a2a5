package dev.convene.nn;

import java.io.Serializable;

/** From which a layer's initial weights or biases are drawn. */
interface Distribution extends Serializable {
  /**
   * Draws the parameters in a range, which are 0.
   *
   * @param fanIn inputs of the layer
   * @param fanOut its outputs
   */
  void draw(float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random);

  /** All 0. */
  record Zero() implements Distribution {
    @Override
    public void draw(
        float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random) {}
  }

  /** As torch.nn.init.normal_. */
  record Normal(double mean, double std) implements Distribution {
    @Override
    public void draw(
        float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random) {
      for (int i = from; i < to; i++) {
        parameters[i] = (float) (mean + std * random.nextGaussian());
      }
    }
  }

  /** As torch.nn.init.uniform_. */
  record Uniform(double low, double high) implements Distribution {
    @Override
    public void draw(
        float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random) {
      for (int i = from; i < to; i++) {
        parameters[i] = (float) (low + (high - low) * random.nextDouble());
      }
    }
  }

  /** As torch.nn.init.xavier_uniform_ and xavier_normal_ (Glorot and Bengio 2010). */
  record Xavier(Shape shape, double gain) implements Distribution {
    @Override
    public void draw(
        float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random) {
      shape.draw(parameters, from, to, 2 * gain * gain, fanIn + fanOut, random);
    }
  }

  /** As torch.nn.init.kaiming_uniform_ and kaiming_normal_ (He et al. 2015). */
  record Kaiming(Shape shape, Fan fan, double squaredGain) implements Distribution {
    @Override
    public void draw(
        float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random) {
      shape.draw(parameters, from, to, squaredGain, fan.of(fanIn, fanOut), random);
    }
  }

  /** As weights and biases of torch.nn.Linear. */
  record Linear() implements Distribution {
    @Override
    public void draw(
        float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random) {
      within(1 / Math.sqrt(fanIn), parameters, from, to, random);
    }
  }

  /** Of mean 0 and a variance that depends on the layer. */
  enum Shape {
    UNIFORM {
      @Override
      void draw(
          float[] parameters, int from, int to, double scale, double fan, RandomStream random) {
        within(Math.sqrt(3 * scale / fan), parameters, from, to, random);
      }
    },
    NORMAL {
      @Override
      void draw(
          float[] parameters, int from, int to, double scale, double fan, RandomStream random) {
        new Normal(0, Math.sqrt(scale / fan)).draw(parameters, from, to, 0, 0, random);
      }
    };

    /** With variance {@code scale / fan}. */
    abstract void draw(
        float[] parameters, int from, int to, double scale, double fan, RandomStream random);
  }

  private static void within(
      double bound, float[] parameters, int from, int to, RandomStream random) {
    for (int i = from; i < to; i++) {
      parameters[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }
}
