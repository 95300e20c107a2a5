package dev.convene.train;

import dev.convene.nn.Predictions;
import dev.convene.nn.RowBuffer;

/**
 * What early stopping compares epochs by: a number of all validation rows, each by its weight.
 *
 * <p>Shards count into arrays, which are added in the shards' order, so that the number does not
 * depend on the order in which tasks end.
 */
public enum ValidationMetric {
  /** The mean loss. */
  LOSS(Of.ANY, false) {
    @Override
    double value(LossSum losses, double[] counts, int width) {
      return losses.loss();
    }
  },

  /** The share of rows whose predicted class is their label. */
  ACCURACY(Of.CLASSIFICATION, true) {
    @Override
    double value(LossSum losses, double[] counts, int width) {
      return losses.accuracy();
    }
  },

  /** The mean of F1 over the classes that occur or are predicted. */
  MACRO_F1(Of.CLASSIFICATION, true) {
    @Override
    int counts(int width) {
      return 3 * width;
    }

    /** By class: rows of it, predictions of it, and both at once. */
    @Override
    void count(double[] counts, float[] outputs, RowBuffer rows, int n, int width) {
      for (int row = 0; row < n; row++) {
        int label = (int) rows.targets()[row];
        int predicted = Predictions.predictedClass(outputs, row * width, width);
        float weight = rows.weights()[row];
        counts[label] += weight;
        counts[width + predicted] += weight;
        if (label == predicted) {
          counts[2 * width + label] += weight;
        }
      }
    }

    @Override
    double value(LossSum losses, double[] counts, int width) {
      double sum = 0;
      int classes = 0;
      for (int k = 0; k < width; k++) {
        double both = counts[k] + counts[width + k];
        if (both > 0) {
          sum += 2 * counts[2 * width + k] / both;
          classes++;
        }
      }
      return sum / classes;
    }
  },

  /**
   * The area under the ROC curve; of more than two classes the mean over those that occur, each
   * against the rest.
   */
  ROC_AUC(Of.CLASSIFICATION, true) {
    @Override
    int counts(int width) {
      return RankCounts.length(width);
    }

    @Override
    void count(double[] counts, float[] outputs, RowBuffer rows, int n, int width) {
      RankCounts.count(counts, outputs, rows, n, width);
    }

    @Override
    double value(LossSum losses, double[] counts, int width) {
      return RankCounts.mean(counts, width, RankCounts::areaUnderRoc);
    }
  },

  /**
   * The area under the precision-recall curve, whose points straight lines connect; of more than
   * two classes as {@link #ROC_AUC}.
   */
  PR_AUC(Of.CLASSIFICATION, true) {
    @Override
    int counts(int width) {
      return RankCounts.length(width);
    }

    @Override
    void count(double[] counts, float[] outputs, RowBuffer rows, int n, int width) {
      RankCounts.count(counts, outputs, rows, n, width);
    }

    @Override
    double value(LossSum losses, double[] counts, int width) {
      return RankCounts.mean(counts, width, RankCounts::areaUnderPrecisionRecall);
    }
  },

  /** The root of the mean squared error. */
  RMSE(Of.REGRESSION, false) {
    @Override
    double value(LossSum losses, double[] counts, int width) {
      return Math.sqrt(losses.loss());
    }
  },

  /** The mean absolute error, over rows and outputs. */
  MAE(Of.REGRESSION, false) {
    @Override
    int counts(int width) {
      return 1;
    }

    @Override
    void count(double[] counts, float[] outputs, RowBuffer rows, int n, int width) {
      for (int row = 0; row < n; row++) {
        double errors = 0;
        for (int i = row * width; i < (row + 1) * width; i++) {
          errors += Math.abs((double) outputs[i] - rows.targets()[i]);
        }
        counts[0] += rows.weights()[row] * errors / width;
      }
    }

    @Override
    double value(LossSum losses, double[] counts, int width) {
      return counts[0] / losses.weight();
    }
  };

  private enum Of {
    ANY,
    CLASSIFICATION,
    REGRESSION
  }

  private final Of task;
  private final boolean isBetterWhenLarger;

  ValidationMetric(Of task, boolean isBetterWhenLarger) {
    this.task = task;
    this.isBetterWhenLarger = isBetterWhenLarger;
  }

  /** Whether it is one of classifications, or else of regressions. */
  public boolean isOf(boolean classification) {
    return task == Of.ANY || (task == Of.CLASSIFICATION) == classification;
  }

  /** Whether a value is better than another by more than that. What is not a number never is. */
  boolean isBetter(double value, double than, double byMoreThan) {
    return isBetterWhenLarger ? value > than + byMoreThan : value < than - byMoreThan;
  }

  /** Any finite value is better. */
  double worst() {
    return isBetterWhenLarger ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  /** How many numbers it counts of a network of so many outputs. */
  int counts(int width) {
    return 0;
  }

  /**
   * Adds rows to the counts.
   *
   * @param outputs of the network, [n][width]
   */
  void count(double[] counts, float[] outputs, RowBuffer rows, int n, int width) {}

  /** What the losses and counts of all rows come to; not a number if it is not defined. */
  abstract double value(LossSum losses, double[] counts, int width);
}
