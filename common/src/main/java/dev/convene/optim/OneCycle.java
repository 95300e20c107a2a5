package dev.convene.optim;

/**
 * From a small rate up to the rate and down to nearly 0: OneCycleLR (Smith, Topin,
 * "Super-convergence", 2018), without its cycle of the momentum. The base is the largest rate.
 *
 * @param pctStart share of the counts on which the rate rises, in (0, 1); of three phases below 0.5
 * @param divFactor the first rate is the largest divided by this, above 0
 * @param finalDivFactor the last rate is the first divided by this, above 0
 * @param isLinear along a line rather than half a cosine wave
 * @param hasThreePhases down to the first rate as fast as up, and then to the last one
 */
public record OneCycle(
    double pctStart,
    double divFactor,
    double finalDivFactor,
    boolean isLinear,
    boolean hasThreePhases)
    implements RateCurve {
  @Override
  public double rate(double base, long count, long length) {
    double first = base / divFactor;
    double last = first / finalDivFactor;
    double end = length - 1.0;
    double top = pctStart * length - 1;
    if (count <= top) {
      return between(first, base, count / top);
    }
    if (!hasThreePhases) {
      return between(base, last, (count - top) / (end - top));
    }
    double backDown = 2 * pctStart * length - 2;
    return count <= backDown
        ? between(base, first, (count - top) / (backDown - top))
        : between(first, last, (count - backDown) / (end - backDown));
  }

  private double between(double from, double to, double share) {
    // Beyond the end the last rate stays; a phase without counts has ended at once.
    double reached = share >= 0 && share <= 1 ? share : 1;
    return isLinear
        ? from + (to - from) * reached
        : to + (from - to) * (1 + Math.cos(Math.PI * reached)) / 2;
  }
}
