package dev.convene.nn;

/**
 * What training makes small: a weighted mean over the rows of a minibatch.
 *
 * <p>An enum, for a loss has no state: another one is a constant with its own mathematics and the
 * answers that set it apart from others, and is found by its name in settings and model files.
 * Nobody compares losses; who has to know more of one than this says adds a question here.
 */
public enum Loss {
  /**
   * Softmax and cross-entropy in one, as log-sum-exp: finite for every finite output. A target is a
   * class 0 .. width - 1.
   */
  SOFTMAX_CROSS_ENTROPY {
    @Override
    public boolean classifies() {
      return true;
    }

    @Override
    public int targetsPerRow(int width) {
      return 1;
    }

    @Override
    public double ofRow(float[] outputs, float[] targets, int row, int width) {
      int at = row * width;
      float max = max(outputs, at, width);
      double exponentials = 0;
      for (int i = at; i < at + width; i++) {
        exponentials += Math.exp(outputs[i] - max);
      }
      return Math.log(exponentials) + ((double) max - outputs[at + (int) targets[row]]);
    }

    @Override
    double toGradient(
        float[] outputs,
        float[] targets,
        int row,
        int width,
        double labelSmoothing,
        double weight,
        double ofTotal) {
      int at = row * width;
      int target = at + (int) targets[row];
      float max = max(outputs, at, width);
      float targetOutput = outputs[target];
      double exponentials = 0;
      double sum = 0;
      for (int i = at; i < at + width; i++) {
        sum += outputs[i];
        double exponential = Math.exp(outputs[i] - max);
        exponentials += exponential;
        outputs[i] = (float) exponential;
      }
      float scale = (float) (weight / (exponentials * ofTotal));
      float ofEach = (float) (labelSmoothing / width * weight / ofTotal);
      for (int i = at; i < at + width; i++) {
        outputs[i] = outputs[i] * scale - ofEach;
      }
      outputs[target] -= (float) ((1 - labelSmoothing) * weight / ofTotal);
      double smoothed = (1 - labelSmoothing) * targetOutput + labelSmoothing * (sum / width);
      return Math.log(exponentials) + (max - smoothed);
    }
  },

  /** The square of output minus target, its mean over a row's outputs. */
  MEAN_SQUARED_ERROR {
    @Override
    public boolean classifies() {
      return false;
    }

    @Override
    public int targetsPerRow(int width) {
      return width;
    }

    @Override
    public double ofRow(float[] outputs, float[] targets, int row, int width) {
      double sum = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        double error = (double) outputs[i] - targets[i];
        sum += error * error;
      }
      return sum / width;
    }

    @Override
    double toGradient(
        float[] outputs,
        float[] targets,
        int row,
        int width,
        double labelSmoothing,
        double weight,
        double ofTotal) {
      double loss = ofRow(outputs, targets, row, width);
      float scale = (float) (2 * weight / (ofTotal * width));
      for (int i = row * width; i < (row + 1) * width; i++) {
        outputs[i] = scale * (outputs[i] - targets[i]);
      }
      return loss;
    }
  };

  /**
   * Whether targets are classes, and outputs become their probabilities by softmax; else targets
   * are numbers, which the outputs predict as they are.
   */
  public abstract boolean classifies();

  /** How many targets a row has when the network has {@code width} outputs. */
  public abstract int targetsPerRow(int width);

  /**
   * The loss of one row.
   *
   * @param outputs of the network, [rows][width]
   * @param targets [rows][{@link #targetsPerRow}]
   */
  public abstract double ofRow(float[] outputs, float[] targets, int row, int width);

  /**
   * Like {@link #ofRow}, and replaces the row's outputs by the gradient of a weighted mean loss, in
   * which this row has {@code weight / ofTotal}.
   *
   * @param labelSmoothing the share of the target that goes to all classes alike (Szegedy et al.
   *     2016), in [0, 1); of no meaning where targets are no classes
   */
  abstract double toGradient(
      float[] outputs,
      float[] targets,
      int row,
      int width,
      double labelSmoothing,
      double weight,
      double ofTotal);

  /**
   * The sum over rows of their losses; the mean is this divided by rows.
   *
   * @param outputs of the network, [rows][width]
   * @param targets [rows][{@link #targetsPerRow}]
   */
  public final double sum(float[] outputs, float[] targets, int rows, int width) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += ofRow(outputs, targets, row, width);
    }
    return sum;
  }

  /**
   * The sum over rows of weight times loss; the mean is this divided by the sum of the weights.
   *
   * @param outputs of the network, [rows][width]
   */
  public final double weightedSum(float[] outputs, RowBuffer of, int rows, int width) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += of.weights()[row] * ofRow(outputs, of.targets(), row, width);
    }
    return sum;
  }

  /**
   * The weights of the rows that are classified right, summed; 0 if this loss does not classify.
   *
   * @param outputs of the network, [rows][width]
   */
  public final double correct(float[] outputs, RowBuffer of, int rows, int width) {
    return classifies() ? Predictions.correct(outputs, of, rows, width) : 0;
  }

  /**
   * Like {@link #weightedSum}, and replaces the outputs by the gradient of the mean loss over rows
   * of {@code totalWeight}, of which these may be a part; both with smoothed labels.
   *
   * @param labelSmoothing as of {@link #toGradient}
   */
  final double weightedSumAndGradient(
      float[] outputs,
      RowBuffer of,
      int rows,
      int width,
      double labelSmoothing,
      double totalWeight) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      double weight = of.weights()[row];
      sum +=
          weight
              * toGradient(outputs, of.targets(), row, width, labelSmoothing, weight, totalWeight);
    }
    return sum;
  }

  private static float max(float[] values, int at, int n) {
    float max = values[at];
    for (int i = at + 1; i < at + n; i++) {
      max = Math.max(max, values[i]);
    }
    return max;
  }
}
