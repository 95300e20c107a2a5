package dev.convene.jobs;

import dev.convene.report.Phase;
import java.util.ArrayList;
import java.util.List;

/** Where the time of a run goes: part after part, without gaps. */
final class RunClock {
  private final List<Phase> phases = new ArrayList<>();
  private long begun = System.nanoTime();

  /** Ends a part, and begins the next one. */
  void end(String name) {
    phases.add(new Phase(name, lap()));
  }

  /**
   * Ends two parts that took turns.
   *
   * @param seconds of the first one
   */
  void end(String name, double seconds, String other) {
    double both = lap();
    phases.add(new Phase(name, Math.min(seconds, both)));
    phases.add(new Phase(other, Math.max(0, both - seconds)));
  }

  private double lap() {
    long now = System.nanoTime();
    double seconds = (now - begun) / 1e9;
    begun = now;
    return seconds;
  }

  /** The parts that have ended. */
  List<Phase> phases() {
    return List.copyOf(phases);
  }
}
