package dev.convene.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convene.ConveneException;
import dev.convene.config.Candidate;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.tune.RungResult;
import dev.convene.tune.SearchLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The output.dir of a search, on any Hadoop file system. It is there from the start: {@code
 * tune.jsonl} is complete after each result, so that a search that was interrupted can be
 * continued; {@code _SUCCESS} comes last.
 */
final class SearchDirectory implements SearchLog {
  private static final OutputDirectory.Kind KIND = OutputDirectory.Kind.TRAINING;
  private static final String RESULTS = "tune.jsonl";
  private static final String BEST = "best.conf";
  private static final String NEXT = "._next";

  private final String name;
  private final StoragePath place;
  private final List<RungResult> results = new ArrayList<>();
  private List<Candidate> candidates = List.of();

  private SearchDirectory(String name, StoragePath place) {
    this.name = name;
    this.place = place;
  }

  /**
   * The place that the settings name.
   *
   * @throws ConveneException of status USAGE if they name none, or none that can be written
   */
  static SearchDirectory of(Settings settings, SparkSession spark) throws IOException {
    String dir = required(settings);
    StoragePath.requirePlain(KIND.dir(), dir);
    SharedStorage storage = SharedStorage.of(settings, spark);
    storage.require(KIND.dir(), dir);
    return at(dir, storage.hadoop());
  }

  static SearchDirectory at(String dir, Configuration hadoop) throws IOException {
    return new SearchDirectory(dir, StoragePath.of(KIND.dir().key(), dir, hadoop));
  }

  /**
   * @throws ConveneException of status USAGE if they name none
   */
  static String required(Settings settings) {
    return settings
        .value(Keys.OUTPUT_DIR)
        .orElseThrow(
            () ->
                ConveneException.usage(
                    "output.dir is not set: a search keeps its results there; name it in a conf, or"
                        + " with --set output.dir=PATH"));
  }

  /** The settings of a search that was begun here and not ended; empty if there is none. */
  Optional<Settings> unfinished() throws IOException {
    boolean isUnfinished =
        !exists(OutputDirectory.SUCCESS)
            && (exists(RESULTS) || exists(RESULTS + NEXT))
            && exists(RunArtifacts.SETTINGS);
    return isUnfinished
        ? Optional.of(
            Settings.parse(read(RunArtifacts.SETTINGS), name + "/" + RunArtifacts.SETTINGS))
        : Optional.empty();
  }

  /**
   * Continues the search that is there, if it is one of these settings; else begins.
   *
   * @throws ConveneException of status USAGE if it is one of others, and of status DATA if there is
   *     something else, unless it is to be overwritten
   */
  void open(Settings settings, List<Candidate> searched) throws IOException {
    candidates = searched;
    Optional<Settings> unfinished = unfinished();
    Optional<String> difference = unfinished.flatMap(begun -> difference(settings, begun));
    if (unfinished.isPresent() && difference.isEmpty()) {
      readResults();
      return;
    }
    boolean overwrite = settings.value(KIND.overwrite());
    if (difference.isPresent() && !overwrite) {
      throw ConveneException.usage(
          "%s %s holds an unfinished search of other settings: %s; choose another, or set %s = true"
              + " to begin anew",
          KIND.dir(), name, difference.get(), KIND.overwrite());
    }
    OutputDirectory.requireReplaceable(KIND, place, name, overwrite);
    begin(settings);
  }

  /** The first setting that decides about results and is another one; empty if all are the same. */
  private static Optional<String> difference(Settings settings, Settings begun) {
    Map<String, String> now = settings.texts(SearchDirectory::decidesResults);
    Map<String, String> then = begun.texts(SearchDirectory::decidesResults);
    return now.keySet().stream()
        .filter(key -> !now.get(key).equals(then.get(key)))
        .findFirst()
        .map(key -> "%s was %s and is %s".formatted(key, then.get(key), now.get(key)));
  }

  private static boolean decidesResults(String key) {
    return !key.startsWith("output.")
        && !key.startsWith("predict.")
        && !key.startsWith("storage.")
        && !key.equals(Keys.DATA_TEST.key())
        && !key.equals(Keys.DATA_CACHE.key());
  }

  private void begin(Settings settings) throws IOException {
    place.storage().delete(place.path(), true);
    if (!place.storage().mkdirs(place.path())) {
      throw ConveneException.data(
          "%s %s cannot be created: it may lie below a file, or where you must not write",
          KIND.dir(), name);
    }
    replace(RunArtifacts.SETTINGS, settings.toRunAgain());
    replace(RESULTS, "");
  }

  private void readResults() throws IOException {
    if (!exists(RESULTS)) {
      rename(RESULTS);
    }
    int number = 0;
    for (String line : read(RESULTS).lines().toList()) {
      number++;
      try {
        results.add(result(Json.read(line)));
      } catch (IllegalArgumentException damaged) {
        throw ConveneException.data(
            "%s/%s, line %s, is none of a search: remove it, and what it says is found again",
            name, RESULTS, number);
      }
    }
  }

  private static RungResult result(JsonNode line) {
    return new RungResult(
        line.required("rung").asInt(),
        line.required("candidate").asInt(),
        line.required("epochs").asInt(),
        line.required("trainLoss").asDouble(Double.NaN),
        line.required("validationLoss").asDouble(Double.NaN),
        line.required("validationAccuracy").asDouble(Double.NaN),
        line.required("seconds").asDouble());
  }

  @Override
  public List<RungResult> finished() {
    return List.copyOf(results);
  }

  @Override
  public void add(RungResult result) {
    results.add(result);
    results.sort(Comparator.comparingInt(RungResult::rung).thenComparingInt(RungResult::candidate));
    StringBuilder lines = new StringBuilder();
    results.forEach(known -> lines.append(line(known)).append('\n'));
    try {
      replace(RESULTS, lines.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line(RungResult result) {
    ObjectNode line = Json.object(result);
    ObjectNode settings = line.putObject("settings");
    candidates
        .get(result.candidate() - 1)
        .values()
        .forEach((key, value) -> settings.set(key, Json.read(value)));
    return line.toString();
  }

  /**
   * Ends the search.
   *
   * @param best the chosen settings
   * @return where they are written
   */
  String end(Settings best) throws IOException {
    replace(
        BEST,
        best.without("tune")
            .with(Keys.OUTPUT_DIR, name + (name.endsWith("/") ? "best" : "/best"))
            .toRunAgain());
    replace(OutputDirectory.SUCCESS, "");
    return name + (name.endsWith("/") ? "" : "/") + BEST;
  }

  private boolean exists(String file) throws IOException {
    return place.storage().exists(new Path(place.path(), file));
  }

  private String read(String file) throws IOException {
    try (InputStream in = place.storage().open(new Path(place.path(), file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** At any moment the file or its next version is there whole. */
  private void replace(String file, String text) throws IOException {
    FileSystem storage = place.storage();
    try (OutputStream out = storage.create(new Path(place.path(), file + NEXT), true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    storage.delete(new Path(place.path(), file), false);
    rename(file);
  }

  private void rename(String file) throws IOException {
    Path next = new Path(place.path(), file + NEXT);
    if (!place.storage().rename(next, new Path(place.path(), file))) {
      throw new IOException("cannot rename " + next + " to " + file);
    }
  }
}
