package dev.convene.nn;

/** What training makes small: a mean over the rows of a minibatch. */
public enum Loss {
  /**
   * Softmax and cross-entropy in one, as log-sum-exp: finite for every finite output. A target is a
   * class 0 .. width - 1. The mean is over rows.
   */
  SOFTMAX_CROSS_ENTROPY {
    @Override
    public int targetsPerRow(int width) {
      return 1;
    }

    @Override
    public double sum(float[] outputs, float[] targets, int rows, int width) {
      double sum = 0;
      for (int row = 0; row < rows; row++) {
        int at = row * width;
        float max = max(outputs, at, width);
        double exponentials = 0;
        for (int i = at; i < at + width; i++) {
          exponentials += Math.exp(outputs[i] - max);
        }
        sum += Math.log(exponentials) + ((double) max - outputs[at + (int) targets[row]]);
      }
      return sum;
    }

    @Override
    double sumAndGradient(float[] outputs, float[] targets, int rows, int width, int meanOver) {
      double sum = 0;
      for (int row = 0; row < rows; row++) {
        int at = row * width;
        int target = at + (int) targets[row];
        float max = max(outputs, at, width);
        float targetOutput = outputs[target];
        double exponentials = 0;
        for (int i = at; i < at + width; i++) {
          double exponential = Math.exp(outputs[i] - max);
          exponentials += exponential;
          outputs[i] = (float) exponential;
        }
        sum += Math.log(exponentials) + ((double) max - targetOutput);
        float scale = (float) (1 / (exponentials * meanOver));
        for (int i = at; i < at + width; i++) {
          outputs[i] *= scale;
        }
        outputs[target] -= 1f / meanOver;
      }
      return sum;
    }
  },

  /** The square of output minus target. The mean is over rows and outputs. */
  MEAN_SQUARED_ERROR {
    @Override
    public int targetsPerRow(int width) {
      return width;
    }

    @Override
    public double sum(float[] outputs, float[] targets, int rows, int width) {
      double sum = 0;
      for (int i = 0; i < rows * width; i++) {
        double error = (double) outputs[i] - targets[i];
        sum += error * error;
      }
      return sum / width;
    }

    @Override
    double sumAndGradient(float[] outputs, float[] targets, int rows, int width, int meanOver) {
      double sum = sum(outputs, targets, rows, width);
      float scale = 2f / ((float) meanOver * width);
      for (int i = 0; i < rows * width; i++) {
        outputs[i] = scale * (outputs[i] - targets[i]);
      }
      return sum;
    }
  };

  /** How many targets a row has when the network has {@code width} outputs. */
  public abstract int targetsPerRow(int width);

  /**
   * The sum over rows of their losses; the mean is this divided by rows.
   *
   * @param outputs of the network, [rows][width]
   * @param targets [rows][{@link #targetsPerRow}]
   */
  public abstract double sum(float[] outputs, float[] targets, int rows, int width);

  /**
   * Like {@link #sum}, and replaces the outputs by the gradient of the mean loss over {@code
   * meanOver} rows, of which these may be a part.
   */
  abstract double sumAndGradient(
      float[] outputs, float[] targets, int rows, int width, int meanOver);

  private static float max(float[] values, int at, int n) {
    float max = values[at];
    for (int i = at + 1; i < at + n; i++) {
      max = Math.max(max, values[i]);
    }
    return max;
  }
}
