package dev.convene.train;

import java.util.List;
import java.util.stream.Stream;

/**
 * The rounds of an epoch that has not ended yet.
 *
 * @param rounds that have ended, 0 between two epochs
 * @param training the rows that they used
 * @param seconds that they took
 */
public record PartialEpoch(int rounds, LossSum training, double seconds) {
  /** No round yet. */
  public static final PartialEpoch NONE = new PartialEpoch(0, LossSum.NONE, 0);

  /**
   * With another round, whose workers are added in their order.
   *
   * @param newSeconds of all these rounds
   */
  PartialEpoch afterRound(List<WorkerReport> reports, double newSeconds) {
    Stream<LossSum> added = reports.stream().map(WorkerReport::sums);
    return new PartialEpoch(
        rounds + 1, LossSum.total(Stream.concat(Stream.of(training), added).toList()), newSeconds);
  }
}
