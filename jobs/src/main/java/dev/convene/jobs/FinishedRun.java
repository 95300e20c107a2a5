package dev.convene.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.FileSchema;
import dev.convene.config.GivenSettings;
import dev.convene.train.EpochRecord;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a training left behind in its output.dir, but for the model.
 *
 * @param dir as it was named
 * @param settings that it was given, by their keys
 * @param metrics numbers of metrics.json by their names
 */
record FinishedRun(
    String dir,
    List<EpochRecord> history,
    Map<String, String> settings,
    Map<String, Double> metrics) {

  /**
   * Reads a run.
   *
   * @param role what a message calls the directory
   * @throws ConveneException (data) if the directory is no complete output of a training, or if one
   *     of its files is damaged or of a newer schema
   */
  static FinishedRun read(String role, String dir, Configuration hadoop) throws IOException {
    String followed = OutputPointer.followed(role, dir, hadoop);
    OutputDirectory.requireComplete(followed, hadoop);
    Files files = new Files(new Path(followed), hadoop);
    return new FinishedRun(dir, history(files), settings(files), metrics(files));
  }

  private static List<EpochRecord> history(Files files) throws IOException {
    List<EpochRecord> history = new ArrayList<>();
    for (String line : files.text(RunArtifacts.HISTORY).lines().toList()) {
      JsonNode epoch = files.json(RunArtifacts.HISTORY, line);
      try {
        history.add(epoch(epoch));
      } catch (IllegalArgumentException lacksAField) {
        throw files.damaged(RunArtifacts.HISTORY);
      }
    }
    if (history.isEmpty()) {
      throw files.damaged(RunArtifacts.HISTORY);
    }
    return history;
  }

  private static EpochRecord epoch(JsonNode line) {
    return new EpochRecord(
        line.required("epoch").asInt(),
        line.required("rounds").asInt(),
        line.required("examples").asLong(),
        line.required("trainLoss").asDouble(Double.NaN),
        number(line.required("trainAccuracy")),
        number(line.required("validationLoss")),
        number(line.required("validationAccuracy")),
        line.required("learningRate").asDouble(Double.NaN),
        line.required("seconds").asDouble());
  }

  private static Double number(JsonNode value) {
    return value.isNumber() ? (Double) value.asDouble() : null;
  }

  private static Map<String, String> settings(Files files) throws IOException {
    try {
      return GivenSettings.parse(
              files.text(RunArtifacts.SETTINGS), files.path(RunArtifacts.SETTINGS).toString())
          .texts();
    } catch (ConveneException e) {
      throw new ConveneException(ExitStatus.DATA, e.getMessage(), e);
    }
  }

  private static Map<String, Double> metrics(Files files) throws IOException {
    JsonNode json = files.json(RunArtifacts.METRICS, files.text(RunArtifacts.METRICS));
    Map<String, Double> metrics = new TreeMap<>();
    json.fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().isNumber() && !field.getKey().equals(FileSchema.FIELD)) {
                metrics.put(field.getKey(), field.getValue().asDouble());
              }
            });
    return metrics;
  }

  /** The files of the directory. */
  private record Files(Path dir, Configuration hadoop) {
    Path path(String name) {
      return new Path(dir, name);
    }

    String text(String name) throws IOException {
      FileSystem storage = dir.getFileSystem(hadoop);
      try (InputStream in = storage.open(path(name))) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (FileNotFoundException e) {
        throw ConveneException.data(
            "%s has no %s: name the output of a training, one that is complete", dir, name);
      }
    }

    JsonNode json(String name, String text) {
      JsonNode json;
      try {
        json = Json.read(text);
      } catch (IllegalArgumentException noJson) {
        throw damaged(name);
      }
      if (!json.isObject()) {
        throw damaged(name);
      }
      FileSchema.requireReadable(
          json.path(FileSchema.FIELD).asInt(FileSchema.VERSION),
          path(name).toString(),
          ExitStatus.DATA);
      return json;
    }

    ConveneException damaged(String name) {
      return ConveneException.data(
          "%s is damaged: it is not what a training writes; train again, or leave this run out",
          path(name));
    }
  }
}
