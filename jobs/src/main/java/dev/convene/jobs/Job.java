package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.GivenSettings;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A job of the application: its settings, its arguments and, once it asks for it, its Spark
 * session. A job throws its failures; {@link Main} turns them into a message and a status.
 */
abstract class Job {
  private static final String SETTINGS = "--settings";

  @Parameters(
      arity = "0..*",
      paramLabel = "[CONF] ARGUMENT",
      description = "The conf, a file that ends in .conf or .json; then the job's arguments.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting that beats the conf; null stands for its default.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = SETTINGS,
      hidden = true,
      paramLabel = "BASE64",
      description = "Conf and overrides as the launcher merged them on another machine.")
  private String merged;

  private Settings settings;
  private Session session;

  /**
   * Does the job.
   *
   * @return what it prints at its end, its result as the last line
   */
  abstract String run() throws Exception;

  /**
   * Lines that it has printed before its end and that a caller who does not see the driver's output
   * should know, each with its line end.
   */
  String reportPrefix() {
    return "";
  }

  /** Whether the job takes arguments beside the conf. */
  boolean takesArguments() {
    return false;
  }

  /** The job's own options, as its command line gives them. */
  List<String> options() {
    return List.of();
  }

  final Settings settings() {
    return settings;
  }

  /** Settles a setting that was left to the program. */
  final void decide(Setting<?> setting, Object value) {
    settings = settings.with(setting, value);
  }

  /** Replaces the settings by others, in which more is settled. */
  final void decide(Settings decided) {
    settings = decided;
  }

  /** What the command line gives beside the conf. */
  final List<String> arguments() {
    return hasConf() ? words.subList(1, words.size()) : words;
  }

  /** The Spark session, started at the first call. */
  final SparkSession spark() {
    if (session == null) {
      session = Session.open("convene " + name(), settings);
    }
    return session.spark();
  }

  /** The storage's configuration. */
  final Configuration hadoop() {
    return spark().sparkContext().hadoopConfiguration();
  }

  /**
   * The right to write an output.
   *
   * @param dir the setting that names it
   * @param name as it does; empty if there is none
   * @return null if there is none
   */
  final OutputLock lock(Setting<?> dir, Optional<String> name) throws IOException {
    return name.isEmpty() ? null : OutputLock.acquire(dir, name.get(), settings, hadoop());
  }

  /** The places that the job reads and writes; the conf is one of them. */
  final JobPlaces places() throws IOException {
    JobPlaces places = new JobPlaces(hadoop());
    return hasConf() ? places.readsConf(Path.of(words.get(0))) : places;
  }

  /** What the command line gives of settings. */
  final GivenSettings given() {
    requireNoStrayArgument();
    return GivenSettings.load(conf(), overrides);
  }

  /** The command line for a driver that sees no file of this machine. */
  final List<String> withSettings(GivenSettings given) {
    byte[] text = given.render().getBytes(StandardCharsets.UTF_8);
    List<String> line = new ArrayList<>();
    line.add(name());
    line.add(SETTINGS + "=" + Base64.getUrlEncoder().withoutPadding().encodeToString(text));
    line.addAll(options());
    line.addAll(arguments());
    return line;
  }

  /** Loads the settings, does the job, and returns what it prints at its end. */
  final String execute() throws Exception {
    requireNoStrayArgument();
    settings = merged == null ? Settings.load(conf(), overrides) : mergedSettings();
    try {
      return run();
    } catch (Exception e) {
      throw session == null ? e : new InputReader(settings, session.spark()).locate(e);
    }
  }

  private Settings mergedSettings() {
    return Settings.parse(
        new String(Base64.getUrlDecoder().decode(merged), StandardCharsets.UTF_8), "settings");
  }

  private Path conf() {
    return hasConf() ? Path.of(words.get(0)) : null;
  }

  private void requireNoStrayArgument() {
    if (!takesArguments() && !arguments().isEmpty()) {
      throw ConveneException.usage(
          "%s takes no argument %s; a conf is a file that ends in .conf or .json",
          name(), arguments().get(0));
    }
  }

  /** Reports to the launcher how the job ended, and stops the session that the job started. */
  final void end(Outcome outcome) {
    if (settings != null) {
      StatusFile.write(settings, outcome);
    }
    if (session != null) {
      session.close();
    }
  }

  private boolean hasConf() {
    return !words.isEmpty() && (words.get(0).endsWith(".conf") || words.get(0).endsWith(".json"));
  }

  private String name() {
    return getClass().getAnnotation(Command.class).name();
  }
}
