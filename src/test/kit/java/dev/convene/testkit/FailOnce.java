package dev.convene.testkit;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Faults that tasks of this JVM meet at their first attempt, and not when they are retried. */
public final class FailOnce {
  private static final Set<String> FAILED = ConcurrentHashMap.newKeySet();

  private FailOnce() {}

  /** Throws the first time that it is called for this place. */
  public static void at(String place) {
    if (FAILED.add(place)) {
      throw new IllegalStateException("for the test: " + place);
    }
  }

  /** The places that have failed, sorted. */
  public static List<String> places() {
    return FAILED.stream().sorted().toList();
  }
}
