package dev.convene.optim;

import java.io.Serializable;
import java.util.stream.LongStream;

/**
 * The direction of the limited-memory BFGS method, by the two-loop recursion: Nocedal, "Updating
 * quasi-Newton matrices with limited storage", 1980. It is stateless: its history lies in arrays
 * that the caller keeps.
 *
 * @param historySize pairs of steps and changes of the gradient that are remembered, at least 1
 * @param learningRate the first length that a line search tries, above 0: 1 is Newton's
 */
public record Lbfgs(int historySize, double learningRate) implements Serializable {
  /** torch.optim.LBFGS's least product of step and change. */
  private static final double LEAST_CURVATURE = 1e-10;

  /** How many arrays as long as the parameters it remembers, all 0 before the first step. */
  public int stateCount() {
    return 2 * historySize;
  }

  /**
   * Remembers a step, in the place of the oldest one.
   *
   * @param number of the step, from 1
   * @param states are changed
   */
  public void remember(long number, float[] step, float[] change, float[][] states) {
    int place = (int) ((number - 1) % historySize);
    states[2 * place] = step;
    states[2 * place + 1] = change;
  }

  /**
   * The direction in which to go: the gradient's opposite, bent by what earlier steps have shown.
   *
   * @param number of the step to make, from 1
   */
  public double[] direction(long number, float[] gradient, float[][] states) {
    int[] newestFirst = places(number, states);
    double[] direction = new double[gradient.length];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = -gradient[i];
    }
    double[] shares = new double[newestFirst.length];
    for (int i = 0; i < shares.length; i++) {
      float[] step = states[2 * newestFirst[i]];
      float[] change = states[2 * newestFirst[i] + 1];
      shares[i] = dot(step, direction) / dot(step, change);
      add(direction, -shares[i], change);
    }
    if (shares.length > 0) {
      float[] step = states[2 * newestFirst[0]];
      float[] change = states[2 * newestFirst[0] + 1];
      double scale = dot(step, change) / dot(change, change);
      for (int i = 0; i < direction.length; i++) {
        direction[i] *= scale;
      }
    }
    for (int i = shares.length - 1; i >= 0; i--) {
      float[] step = states[2 * newestFirst[i]];
      float[] change = states[2 * newestFirst[i] + 1];
      add(direction, shares[i] - dot(change, direction) / dot(step, change), step);
    }
    return direction;
  }

  /** Whether anything is remembered that bends the direction of the step to make. */
  public boolean remembers(long number, float[][] states) {
    return places(number, states).length > 0;
  }

  /** Of the remembered steps along which the function is convex. */
  private int[] places(long number, float[][] states) {
    return LongStream.rangeClosed(1, Math.min(historySize, number - 1))
        .mapToInt(ago -> (int) ((number - ago - 1) % historySize))
        .filter(place -> dot(states[2 * place], states[2 * place + 1]) > LEAST_CURVATURE)
        .toArray();
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double dot(float[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double[] to, double share, float[] vector) {
    for (int i = 0; i < to.length; i++) {
      to[i] += share * vector[i];
    }
  }
}
