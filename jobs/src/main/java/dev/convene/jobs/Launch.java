package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.GivenSettings;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Where submit/convene asks which command to run. Spark itself says what deploy mode its options
 * and properties come to. In cluster mode the driver sees no file of this machine: conf, what it
 * includes and overrides go along as one text, files that settings name as spark-submit's --files;
 * {@link ClusterSubmission} submits it and waits.
 */
public final class Launch {
  private static final String STACKTRACE = "--stacktrace";

  private final SubmitArguments arguments;

  /** spark-submit's. */
  private final List<String> options;

  private final String jar;

  private Launch(SubmitArguments arguments, List<String> options, String jar) {
    this.arguments = arguments;
    this.options = options;
    this.jar = jar;
  }

  /**
   * Prints NUL, newline and the words of the command, NUL after each, as Spark's launcher does; a
   * mistake of the user's is a message, and no command.
   *
   * @param args the number of words of the job's command line; then spark-submit's options, the
   *     application's jar and that command line
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> words = List.of(args).subList(1, args.length);
    int jarAt = words.size() - Integer.parseInt(args[0]) - 1;
    try {
      print(command(words, jarAt));
    } catch (ConveneException mistake) {
      System.err.println("convene: " + mistake.getMessage());
    }
  }

  private static void print(List<String> command) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.print("\0\n");
    command.forEach(word -> out.print(word + "\0"));
    out.flush();
  }

  private static List<String> command(List<String> words, int jarAt)
      throws IOException, InterruptedException {
    SubmitArguments arguments = SubmitArguments.of(words);
    List<String> line = words.subList(jarAt + 1, words.size());
    List<String> options = words.subList(0, jarAt);
    if (!arguments.commandLine().equals(line)) {
      throw ConveneException.usage(
          "spark-submit does not take these options: %s", String.join(" ", options));
    }
    if (!arguments.isClusterMode()) {
      arguments.requireKnownCluster();
      return SparkLauncherCommand.of(words);
    }
    Launch launch = new Launch(arguments, options, words.get(jarAt));
    Optional<Job> job = Main.job(line.toArray(String[]::new));
    return job.isPresent() ? launch.onTheCluster(job.get(), line) : launch.here(line);
  }

  /** What needs no cluster. */
  private List<String> here(List<String> line) throws IOException, InterruptedException {
    List<String> submit = new ArrayList<>(options);
    submit.addAll(List.of("--master", "local[1]", "--deploy-mode", "client", jar));
    submit.addAll(line);
    return SparkLauncherCommand.of(submit);
  }

  private List<String> onTheCluster(Job job, List<String> line)
      throws IOException, InterruptedException {
    GivenSettings given = job.given();
    given.check();
    List<String> secrets = given.secretsWrittenOut();
    if (!secrets.isEmpty()) {
      throw ConveneException.usage(
          "%s is written out, and would stand in command lines of the cluster: write ${NAME}, and"
              + " give the driver that variable",
          secrets.get(0));
    }
    List<String> files = new ArrayList<>();
    if (!arguments.files().isEmpty()) {
      files.add(arguments.files());
    }
    for (var file : List.of(Keys.TRAIN_INITIAL_PARAMETERS, Keys.MODEL_DL4J_CONFIGURATION)) {
      given = withReachable(file, given, files);
    }
    List<String> submit = new ArrayList<>(options);
    // Only who waits learns how it ends.
    set(submit, "spark.standalone.submit.waitAppCompletion", "true");
    set(submit, "spark.yarn.submit.waitAppCompletion", "true");
    set(submit, "spark.kubernetes.submission.waitAppCompletion", "true");
    if (!arguments.isSet("spark.yarn.maxAppAttempts")) {
      set(submit, "spark.yarn.maxAppAttempts", "1");
    }
    RunId.current()
        .ifPresent(
            id -> {
              set(submit, "spark.yarn.appMasterEnv." + RunId.VARIABLE, id);
              set(submit, "spark.kubernetes.driverEnv." + RunId.VARIABLE, id);
            });
    if (!files.isEmpty()) {
      submit.addAll(List.of("--files", String.join(",", files)));
    }
    if (arguments.isStandalone()) {
      submit.addAll(List.of("--driver-java-options", arguments.driverJavaOptions()));
    }
    submit.add(jar);
    submit.addAll(job.withSettings(given));
    if (line.contains(STACKTRACE)) {
      submit.add(STACKTRACE);
    }
    return ClusterSubmission.command(jar, submit);
  }

  /** Settings that name a file of this machine, so that the driver finds it. */
  private GivenSettings withReachable(
      Setting<Optional<String>> setting, GivenSettings given, List<String> files)
      throws IOException {
    Optional<String> name = given.text(setting);
    Configuration hadoop = arguments.hadoop();
    if (name.isEmpty() || !isLocal(setting, name.get(), hadoop)) {
      return given;
    }
    StoragePath file = StoragePath.of(setting.key(), name.get(), hadoop);
    if (given.isTrue(Keys.STORAGE_SHARED_LOCAL)) {
      return given.with(setting, file.path().toString());
    }
    if (arguments.isStandalone()) {
      throw ConveneException.usage(
          "%s = %s is on this machine's disk, and a standalone cluster does not send files to its"
              + " driver: name a path that all its machines reach, or set storage.shared-local ="
              + " true",
          setting, name.get());
    }
    if (!file.storage().exists(file.path())) {
      throw ConveneException.data("%s: there is no file %s", setting, name.get());
    }
    String alias = setting.key() + ".json";
    files.add(file.path() + "#" + alias);
    return given.withFileBeside(setting, alias);
  }

  private static boolean isLocal(Setting<?> setting, String name, Configuration hadoop)
      throws IOException {
    return StoragePath.of(setting.key(), name, hadoop).path().toUri().getScheme().equals("file");
  }

  private static void set(List<String> submit, String property, String value) {
    submit.addAll(List.of("--conf", property + "=" + value));
  }
}
