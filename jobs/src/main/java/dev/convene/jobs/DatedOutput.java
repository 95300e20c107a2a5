package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the outputs of a job that runs night after night: output.dir with {date} in its last name.
 * {@code latest} in the date's place points to the newest complete one.
 *
 * @param pattern output.dir with {date}
 * @param keep how many stay; empty: all
 */
record DatedOutput(String pattern, LocalDate date, OptionalInt keep) {
  private static final Logger LOG = LoggerFactory.getLogger(DatedOutput.class);
  private static final String LATEST = "latest";

  /** The output that settings with a {date} name; empty if theirs has none. */
  static Optional<DatedOutput> of(Settings settings, LocalDate today) {
    return settings
        .value(Keys.OUTPUT_DIR)
        .filter(dir -> dir.contains(Keys.DATE))
        .map(
            dir ->
                new DatedOutput(
                    dir,
                    settings.value(Keys.OUTPUT_DATE).orElse(today),
                    settings.value(Keys.OUTPUT_KEEP)));
  }

  /**
   * The output that a job reads: where there is a {date}, that of output.date or else the newest;
   * where a pointer is named, the one that it points to.
   *
   * @param settings have an output.dir
   */
  static String toRead(Settings settings, Configuration hadoop) throws IOException {
    String dir = settings.value(Keys.OUTPUT_DIR).orElseThrow();
    String run = settings.value(Keys.OUTPUT_DATE).map(LocalDate::toString).orElse(LATEST);
    return OutputPointer.followed(Keys.OUTPUT_DIR.key(), dir.replace(Keys.DATE, run), hadoop);
  }

  /** The settings of this run alone. */
  Settings settled(Settings settings) {
    return settings
        .without(Keys.OUTPUT_DATE.key())
        .without(Keys.OUTPUT_KEEP.key())
        .with(Keys.OUTPUT_DIR, named(date.toString()));
  }

  private String named(String run) {
    return pattern.replace(Keys.DATE, run);
  }

  private StoragePath place(String run, Configuration hadoop) throws IOException {
    return StoragePath.of(Keys.OUTPUT_DIR.key(), named(run), hadoop);
  }

  /**
   * Checks that nothing but a pointer is in the pointer's place.
   *
   * @throws ConveneException of status DATA if there is
   */
  void requirePointer(Configuration hadoop) throws IOException {
    if (new OutputPointer(place(LATEST, hadoop)).isBlocked()) {
      throw ConveneException.data(
          "%s is in the place of what points to the newest output: move it away, or choose another"
              + " %s",
          named(LATEST), Keys.OUTPUT_DIR);
    }
  }

  /** Points to this output, which is complete, unless there is a newer one; removes the oldest. */
  void complete(Configuration hadoop) throws IOException {
    StoragePath own = place(date.toString(), hadoop);
    Map<LocalDate, Path> newestFirst = completeOnes(own);
    if (newestFirst.keySet().stream().noneMatch(other -> other.isAfter(date))) {
      new OutputPointer(place(LATEST, hadoop)).pointTo(own.path().getName());
    }
    if (keep.isPresent()) {
      for (Path old : newestFirst.values().stream().skip(keep.getAsInt()).toList()) {
        if (!old.getName().equals(own.path().getName())) {
          remove(own.storage(), old);
        }
      }
    }
  }

  private Map<LocalDate, Path> completeOnes(StoragePath own) throws IOException {
    String dateAndAfter = pattern.substring(pattern.indexOf(Keys.DATE));
    int after = dateAndAfter.length() - Keys.DATE.length();
    int before = own.path().getName().length() - after - date.toString().length();
    Map<LocalDate, Path> outputs = new TreeMap<>(Comparator.reverseOrder());
    for (FileStatus file : own.storage().listStatus(own.path().getParent())) {
      Path path = file.getPath();
      String name = path.getName();
      if (name.length() > before + after) {
        Optional<LocalDate> day = date(name.substring(before, name.length() - after));
        boolean isOne =
            day.isPresent()
                && new Path(named(day.get().toString())).getName().equals(name)
                && own.storage().exists(new Path(path, OutputDirectory.SUCCESS))
                && own.storage().exists(new Path(path, RunArtifacts.SETTINGS));
        if (isOne) {
          outputs.put(day.get(), path);
        }
      }
    }
    return outputs;
  }

  private static Optional<LocalDate> date(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeParseException noDate) {
      return Optional.empty();
    }
  }

  private static void remove(FileSystem storage, Path output) throws IOException {
    if (storage.exists(OutputDirectory.hiddenSibling(output, LockFile.NAME))) {
      return; // Another run replaces it.
    }
    LOG.info("Removing {}, which is older than those to keep", output);
    storage.delete(output, true);
    storage.delete(StatusFile.beside(output), false);
  }
}
