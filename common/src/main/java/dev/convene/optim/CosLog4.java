package dev.convene.optim;

/**
 * Four waves from 0 to the rate and back to 0, each twice as long as the one before: RealMLP's
 * coslog4 (Holzmueller et al., "Better by default: strong pre-tuned MLPs and boosted trees on
 * tabular data", 2024).
 */
public record CosLog4() implements RateCurve {
  @Override
  public double rate(double base, long count, long length) {
    double share = Math.min(1, count / (double) length);
    double log2 = Math.log(1 + 15 * share) / Math.log(2);
    return base * (1 - Math.cos(2 * Math.PI * log2)) / 2;
  }
}
