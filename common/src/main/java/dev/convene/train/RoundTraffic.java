package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.nn.Network;

/**
 * What a round brings to the driver, and the way it takes: few states are collected and averaged
 * there, many meet in a shuffle, so that the driver's memory and traffic do not grow with the
 * workers.
 *
 * @param workers of the training
 * @param stateBytes of a worker's parameters and what its optimizer remembers
 * @param mostResultBytes that Spark lets a job collect
 */
record RoundTraffic(int workers, long stateBytes, long mostResultBytes) {
  private static final long MEGABYTE = 1 << 20;

  /**
   * So much a driver of Spark's default memory holds several times; a shuffle is a second stage.
   */
  private static final long MOST_DIRECT_BYTES = 32 * MEGABYTE;

  /** Of all workers' parts of a slice, which one task sorts. */
  private static final long SLICE_BYTES = 32 * MEGABYTE;

  /** Of a task's result beside a state at least: a report and metrics. */
  private static final long REPORT_BYTES = 1 << 10;

  /**
   * Of a training with an optimizer that remembers so many arrays.
   *
   * @param maxResultSize spark.driver.maxResultSize in bytes, of which 0 is no limit
   */
  static RoundTraffic of(Network network, int stateCount, int workers, long maxResultSize) {
    long bytes = (1L + stateCount) * network.parameterCount() * Float.BYTES;
    return new RoundTraffic(workers, bytes, maxResultSize == 0 ? Long.MAX_VALUE : maxResultSize);
  }

  /** Whether all states are collected. */
  boolean isDirect() {
    return workers == 1 || workers * stateBytes <= Math.min(MOST_DIRECT_BYTES, mostResultBytes / 2);
  }

  /**
   * In how many slices states meet.
   *
   * @param slots tasks that run side by side: fewer slices would leave some idle
   */
  int slices(int slots) {
    return (int) Math.max(slots, (workers * stateBytes + SLICE_BYTES - 1) / SLICE_BYTES);
  }

  /**
   * Looks whether Spark lets results of this size through.
   *
   * @throws ConveneException (usage) if not
   */
  void requireAllowed() {
    long bytes = (isDirect() ? workers * stateBytes : stateBytes) + workers * REPORT_BYTES;
    if (bytes > mostResultBytes) {
      throw ConveneException.usage(
          "a round brings %s MB to the driver, and spark.driver.maxResultSize allows %s MB: allow"
              + " more (--conf spark.driver.maxResultSize=%sm), or make layers narrower",
          megabytes(bytes), mostResultBytes / MEGABYTE, megabytes(2 * bytes));
    }
  }

  private static long megabytes(long bytes) {
    return (bytes + MEGABYTE - 1) / MEGABYTE;
  }
}
