package dev.convene.jobs;

import dev.convene.testkit.LocalSpark;
import java.util.Arrays;

/** Runs a job in a session of another master: {@code MASTER JOB ARGUMENT...}. */
final class TuneProcess {
  private TuneProcess() {}

  public static void main(String... words) {
    LocalSpark.builder(words[0]).getOrCreate();
    int status = Main.run(Arrays.copyOfRange(words, 1, words.length));
    System.out.println("status " + status);
  }
}
