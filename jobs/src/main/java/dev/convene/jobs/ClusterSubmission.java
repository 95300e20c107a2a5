package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkUserAppException;

/**
 * Submits a job whose driver runs on the cluster, waits for its report, and ends as the driver
 * does: its last lines or its message are printed, its status is the process's. An application that
 * spark-submit starts on the caller's machine: it ends with the status of {@link
 * SparkUserAppException}.
 */
public final class ClusterSubmission {
  /** A report on its way when the driver has ended. */
  private static final long SECONDS_FOR_THE_REPORT = 10;

  private ClusterSubmission() {}

  /**
   * The command that runs it.
   *
   * @param submit the words for spark-submit: options, jar and the application's command line
   */
  static List<String> command(String jar, List<String> submit)
      throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "--master",
                "local[1]",
                "--deploy-mode",
                "client",
                "--driver-memory",
                "512m",
                "--class",
                ClusterSubmission.class.getName(),
                jar));
    words.addAll(submit);
    return SparkLauncherCommand.of(words);
  }

  /**
   * Submits and waits.
   *
   * @throws SparkUserAppException if the job fails, with its status
   */
  public static void main(String[] submit) throws SparkUserAppException {
    Outcome outcome;
    try {
      DriverReport report = report(List.of(submit));
      if (report.status() != 0) {
        System.err.println("convene: " + report.text());
        throw new SparkUserAppException(report.status());
      }
      System.out.println(report.text());
      return;
    } catch (SparkUserAppException known) {
      throw known;
    } catch (Exception failure) {
      outcome = Outcome.of(failure);
    }
    outcome.report(System.err, false);
    throw new SparkUserAppException(outcome.status().code());
  }

  private static DriverReport report(List<String> submit) throws Exception {
    SubmitArguments arguments = SubmitArguments.of(submit);
    if (arguments.isStandalone()) {
      StandaloneMasters.requireReachable(arguments.master());
    }
    NameNodes.requireReachable(arguments.hadoop());
    if (arguments.isYarn()) {
      ResourceManagers.requireReachable(arguments.hadoop());
    }
    try (ReportInbox inbox = ReportInbox.open(arguments.hadoop())) {
      List<String> words = new ArrayList<>();
      words.addAll(List.of("--conf", ReportAddress.KEY + "=" + inbox.address()));
      words.addAll(submit);
      SparkClient client = SparkClient.run(SparkLauncherCommand.of(words));
      // Spark's client ends with the driver, which has reported before; or it could not submit.
      Optional<DriverReport> report = inbox.await(client.ended() ? SECONDS_FOR_THE_REPORT : 0);
      return report.orElseThrow(client::withoutReport);
    }
  }

  /**
   * Spark's client, which has ended.
   *
   * @param failure the exception that it ended with, in its own words; empty if there is none
   * @param isRefusal whether it refuses to submit with these options
   * @param diagnostics the lines in which YARN says how the driver ended
   */
  private record SparkClient(String failure, boolean isRefusal, List<String> diagnostics) {
    private static final String TRACE = "Exception in thread \"main\" ";
    private static final String DIAGNOSTICS = "Application diagnostics message:";
    private static final String FRAME = "\tat ";

    /** Runs it, passing on all that it prints but for how the driver ended and stack traces. */
    static SparkClient run(List<String> command) throws IOException, InterruptedException {
      Process process =
          new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
      process.getOutputStream().close();
      String failure = "";
      boolean isRefusal = false;
      List<String> diagnostics = new ArrayList<>();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith(TRACE)) {
            failure = line.substring(TRACE.length());
            isRefusal = failure.startsWith(IllegalArgumentException.class.getName());
          } else if (!failure.isEmpty()) {
            isRefusal |= line.contains(SubmitArguments.SPARK_SUBMIT + ".error(");
          } else if (!diagnostics.isEmpty() || line.contains(DIAGNOSTICS)) {
            diagnostics.add(line);
          } else if (!line.startsWith(FRAME)) {
            System.err.println(line);
          }
        }
      }
      process.waitFor();
      return new SparkClient(
          failure.replaceFirst("^[\\w.$]+\\.(\\w+)", "$1"), isRefusal, diagnostics);
    }

    boolean ended() {
      return !isRefusal;
    }

    ConveneException withoutReport() {
      if (isRefusal) {
        return ConveneException.usage("Spark does not submit the job: %s", failure);
      }
      diagnostics.stream().filter(line -> !line.startsWith(FRAME)).forEach(System.err::println);
      return new ConveneException(
          ExitStatus.UNAVAILABLE,
          "the driver on the cluster left no report (%s): its log on the cluster says why; a retry"
                  .formatted(failure.isEmpty() ? "Spark's client gives no reason" : failure)
              + " may help");
    }
  }
}
