package dev.convene.checkpoint;

/**
 * When checkpoints are written, and how many are kept.
 *
 * @param everyRounds one is due after so many rounds; 0: rounds do not count
 * @param everySeconds one is due after so many seconds; 0: time does not count
 * @param keep so many of the newest are kept, at least 1
 */
public record CheckpointPolicy(int everyRounds, double everySeconds, int keep) {
  boolean isDue(int rounds, double seconds) {
    return (everyRounds > 0 && rounds >= everyRounds)
        || (everySeconds > 0 && seconds >= everySeconds);
  }
}
