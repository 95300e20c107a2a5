package dev.convene.jobs;

import dev.convene.ConveneException;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkUserAppException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The application that spark-submit starts: {@code JOB [CONF] [--set KEY=VALUE]... [ARGUMENT...]}.
 * A failure ends in one message on standard error and the exit status that {@link
 * dev.convene.ExitStatus} defines.
 */
@Command(
    name = "convene",
    description = "Trains softmax and multilayer-perceptron models on Apache Spark.",
    subcommands = {
      FetchDataJob.class,
      TrainJob.class,
      EvaluateJob.class,
      PredictJob.class,
      ExportJob.class,
      TuneJob.class,
      ShowJob.class,
      CompareJob.class,
      SettingsJob.class
    })
public final class Main {
  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in the program a failure arose.")
  private boolean stacktrace;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  @SuppressWarnings("unused") // picocli's
  private boolean help;

  private Main() {}

  /**
   * Runs a job.
   *
   * @throws SparkUserAppException if it fails: spark-submit then exits with its status
   */
  public static void main(String[] args) throws SparkUserAppException {
    int status = run(args);
    if (status != 0) {
      throw new SparkUserAppException(status);
    }
  }

  /** Runs a job and returns the exit status. */
  static int run(String... args) {
    Main main = new Main();
    CommandLine commandLine = new CommandLine(main).setExpandAtFiles(false);
    Outcome outcome;
    String result = "";
    Job job = null;
    try {
      SupportedPlatform.require();
      ParseResult parsed = parse(commandLine, args);
      if (CommandLine.printHelpIfRequested(parsed)) {
        return 0;
      }
      job = job(commandLine, parsed);
      result = job.execute();
      System.out.println(result);
      result = job.reportPrefix() + result;
      outcome = Outcome.DONE;
    } catch (Throwable failure) {
      outcome = Outcome.of(failure);
      outcome.report(System.err, main.stacktrace);
    }
    if (job != null) {
      job.end(outcome);
    }
    DriverReport.of(outcome, result).send(new SparkConf());
    return outcome.status().code();
  }

  /**
   * The job that a command line names, its settings not loaded yet; empty if it asks for help.
   *
   * @throws ConveneException of status USAGE if it is wrong
   */
  static Optional<Job> job(String... args) {
    CommandLine commandLine = new CommandLine(new Main()).setExpandAtFiles(false);
    ParseResult parsed = parse(commandLine, args);
    boolean isHelp =
        parsed.asCommandLineList().stream().anyMatch(CommandLine::isUsageHelpRequested);
    return isHelp ? Optional.empty() : Optional.of(job(commandLine, parsed));
  }

  private static ParseResult parse(CommandLine commandLine, String... args) {
    requireReadable(args);
    try {
      return commandLine.parseArgs(args);
    } catch (UnmatchedArgumentException e) {
      String unmatched = e.getUnmatched().get(0);
      if (e.getCommandLine() == commandLine && !unmatched.startsWith("-")) {
        throw ConveneException.usage(
            "there is no job %s; the jobs are %s", unmatched, jobs(commandLine));
      }
      throw ConveneException.usage("there is no option %s; --help shows all", unmatched);
    } catch (ParameterException e) {
      throw ConveneException.usage("%s; --help shows all", e.getMessage());
    }
  }

  /** Java puts this character for each byte that the locale does not know. */
  private static void requireReadable(String... args) {
    for (String arg : args) {
      if (arg.indexOf('\uFFFD') >= 0) {
        throw ConveneException.usage(
            "%s has letters that the locale does not know: export LC_ALL=C.UTF-8 first", arg);
      }
    }
  }

  private static Job job(CommandLine commandLine, ParseResult parsed) {
    if (!parsed.hasSubcommand()) {
      throw ConveneException.usage("name a job: %s", jobs(commandLine));
    }
    return (Job) parsed.subcommand().commandSpec().userObject();
  }

  private static String jobs(CommandLine commandLine) {
    return String.join(", ", new TreeSet<>(commandLine.getSubcommands().keySet()));
  }
}
