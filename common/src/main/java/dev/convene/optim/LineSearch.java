package dev.convene.optim;

/**
 * A step length that satisfies the strong Wolfe conditions, by bracketing and zooming with cubic
 * interpolation: Nocedal, Wright, "Numerical optimization", 2006, algorithms 3.5 and 3.6.
 */
public final class LineSearch {
  /** The value falls by at least this share of what the slope at the start promises. */
  private static final double SUFFICIENT_DECREASE = 1e-4;

  /** The slope is flatter than this share of the one at the start. */
  private static final double CURVATURE = 0.9;

  /** torch.optim.LBFGS's limit. */
  private static final int MAX_EVALUATIONS = 25;

  /** Of an interval, next to its ends, which a zoom leaves out. */
  private static final double MARGIN = 0.1;

  private LineSearch() {}

  /** A function of the step length. */
  public interface Function {
    /** Its value and slope at a length above 0; neither need be finite. */
    Point at(double length);
  }

  /**
   * A point of the function.
   *
   * @param length of the step
   * @param value there
   * @param slope there, by the length
   */
  public record Point(double length, double value, double slope) {
    boolean isFinite() {
      return Double.isFinite(value) && Double.isFinite(slope);
    }
  }

  /**
   * The best point that was found: the start if no shorter step than those tried gives a smaller
   * value, as happens at a minimum, where rounding decides.
   *
   * @param start of length 0 and a slope below 0
   * @param first the length to try first, above 0
   */
  public static Point minimize(Function function, Point start, double first) {
    Point before = start;
    double length = first;
    for (int evaluations = 1; evaluations <= MAX_EVALUATIONS; evaluations++) {
      Point point = function.at(length);
      boolean isTooHigh = !point.isFinite() || !decreases(point, start);
      if (isTooHigh || (evaluations > 1 && point.value >= before.value)) {
        return zoom(function, start, before, point, MAX_EVALUATIONS - evaluations);
      }
      if (isFlat(point, start)) {
        return point;
      }
      if (point.slope >= 0) {
        return zoom(function, start, point, before, MAX_EVALUATIONS - evaluations);
      }
      double next = Math.max(2 * length, Math.min(minimumOfCubic(before, point), 10 * length));
      before = point;
      length = next;
    }
    return before;
  }

  /**
   * @param low the better end of an interval that has a good point
   * @param high the other end
   */
  private static Point zoom(Function function, Point start, Point low, Point high, int limit) {
    Point best = low;
    Point other = high;
    for (int evaluations = 0; evaluations < limit; evaluations++) {
      double width = Math.abs(other.length - best.length);
      double from = Math.min(best.length, other.length) + MARGIN * width;
      double to = Math.max(best.length, other.length) - MARGIN * width;
      double cubic = other.isFinite() ? minimumOfCubic(best, other) : from;
      Point point = function.at(Math.max(from, Math.min(cubic, to)));
      if (!point.isFinite() || !decreases(point, start) || point.value >= best.value) {
        other = point;
        continue;
      }
      if (isFlat(point, start)) {
        return point;
      }
      if (point.slope * (other.length - best.length) >= 0) {
        other = best;
      }
      best = point;
    }
    return best;
  }

  private static boolean decreases(Point point, Point start) {
    return point.value <= start.value + SUFFICIENT_DECREASE * point.length * start.slope;
  }

  private static boolean isFlat(Point point, Point start) {
    return Math.abs(point.slope) <= -CURVATURE * start.slope;
  }

  /** Of the cubic through both points with their slopes; the middle if it has none. */
  private static double minimumOfCubic(Point a, Point b) {
    double mean = a.slope + b.slope - 3 * (a.value - b.value) / (a.length - b.length);
    double square = mean * mean - a.slope * b.slope;
    double root = Math.copySign(Math.sqrt(square), b.length - a.length);
    double minimum =
        b.length - (b.length - a.length) * (b.slope + root - mean) / (b.slope - a.slope + 2 * root);
    return Double.isFinite(minimum) ? minimum : (a.length + b.length) / 2;
  }
}
