package dev.convene.optim;

import java.util.List;

/**
 * At each of these counts, the rate is multiplied by gamma: MultiStepLR.
 *
 * @param milestones in any order; one that is there twice counts twice
 * @param gamma above 0
 */
public record MultiStepDecay(List<Integer> milestones, double gamma) implements RateCurve {
  @Override
  public double rate(double base, long count, long length) {
    long falls = milestones.stream().filter(at -> at <= count).count();
    return base * Math.pow(gamma, (double) falls);
  }
}
