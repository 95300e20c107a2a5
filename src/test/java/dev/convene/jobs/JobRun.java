package dev.convene.jobs;

import dev.convene.testkit.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** What a job printed and how it ended: a run of {@link Main} in the tests' Spark session. */
record JobRun(int status, String stdout, String stderr) {

  static JobRun of(String... args) {
    // Spark's log takes the standard error of the moment when it begins. A job runs in the thread's
    // session, which may be
    // another one that an earlier test has left there.
    SparkSession.setActiveSession(LocalSpark.session());
    PrintStream standardOut = System.out;
    PrintStream standardErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int status = Main.run(args);
      return new JobRun(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(standardOut);
      System.setErr(standardErr);
    }
  }

  /** Runs a job with a conf and {@code --set} for each of the settings. */
  static JobRun of(String job, Path conf, List<String> settings) {
    List<String> args = new ArrayList<>(List.of(job, conf.toString()));
    settings.forEach(setting -> args.addAll(List.of("--set", setting)));
    return of(args.toArray(String[]::new));
  }

  List<String> lines() {
    return stdout.lines().toList();
  }

  String lastLine() {
    return lines().get(lines().size() - 1);
  }
}
