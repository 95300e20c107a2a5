package dev.convene.data.fetch;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.data.fetch.RegisteredDataSet.Checked;
import dev.convene.data.fetch.RegisteredDataSet.Split;
import dev.convene.data.pixels.Gzip;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps registered data sets in a cache directory on any Hadoop file system, {@code
 * CACHE/NAME/SPLIT/FILE}, so that each split's directory holds its files alone. What is there is
 * not fetched again. A file appears whole and checked or not at all, also when several processes
 * fetch at once. Files are stored uncompressed: several tasks can read them.
 */
public final class DataSetFetcher {
  private static final Logger LOG = LoggerFactory.getLogger(DataSetFetcher.class);

  private final Path cache;
  private final FileSystem fileSystem;

  /** A fetcher into the given cache directory, which need not exist yet. */
  public DataSetFetcher(String cache, Configuration hadoop) {
    try {
      FileSystem found = new Path(cache).getFileSystem(hadoop);
      // Without .crc files: they would refuse a file that was later replaced by hand.
      this.fileSystem = found instanceof LocalFileSystem local ? local.getRawFileSystem() : found;
      this.cache = fileSystem.makeQualified(new Path(cache));
    } catch (IOException e) {
      throw unusable(cache, e);
    }
  }

  /** The directory of a split's files; {@link #fetch} fills it. */
  public Path directory(RegisteredDataSet set, Split split) {
    return new Path(new Path(cache, set.name()), split.name());
  }

  /**
   * Fetches what the cache lacks of a data set, from the first of its sources that can give it.
   *
   * @throws ConveneException ({@link ExitStatus#UNAVAILABLE}) if none can: it lists those tried and
   *     how to place the files by hand; ({@link ExitStatus#DATA}) if a csv file in the cache is
   *     another than the published one
   */
  public void fetch(RegisteredDataSet set) {
    Map<String, Missing> missing = missing(set);
    if (missing.isEmpty()) {
      requireGenuine(set);
      return;
    }
    missing.values().forEach(file -> makeDirectory(file.path.getParent()));
    List<String> failures = new ArrayList<>();
    for (Source source : set.sources()) {
      Map<String, Missing> wanted = missing;
      String failure;
      try {
        LOG.info("Fetching {} from {}", set.name(), source);
        source.fetch(wanted.keySet(), (file, content) -> store(wanted.get(file), content));
        failure = "it lacks " + String.join(", ", missing(set).keySet());
      } catch (IOException e) {
        failure = reason(e);
      }
      missing = missing(set);
      if (missing.isEmpty()) {
        LOG.info("Fetched {} into {}. Credit: {}", set.name(), cache, set.credit());
        return;
      }
      failures.add(source + ": " + failure);
    }
    throw new ConveneException(ExitStatus.UNAVAILABLE, explain(set, failures, missing.values()));
  }

  private record Missing(Path path, String sha256) {}

  /** The files that the cache has neither plain nor gzipped, by name. */
  private Map<String, Missing> missing(RegisteredDataSet set) {
    Map<String, Missing> missing = new LinkedHashMap<>();
    for (Split split : set.splits()) {
      Path directory = directory(set, split);
      split.files().stream()
          .filter(file -> !isCached(new Path(directory, file.name())))
          .forEach(
              file ->
                  missing.put(
                      file.name(), new Missing(new Path(directory, file.name()), file.sha256())));
    }
    return missing;
  }

  private boolean isCached(Path file) {
    try {
      return fileSystem.exists(file) || fileSystem.exists(file.suffix(".gz"));
    } catch (IOException e) {
      throw unusable(file.toString(), e);
    }
  }

  /**
   * Text may be any; files of images show most damage as they are read, but not whole images that a
   * file of cifar10 lacks.
   */
  private void requireGenuine(RegisteredDataSet set) {
    if (!set.format().equals("csv")) {
      return;
    }
    for (Split split : set.splits()) {
      for (Checked file : split.files()) {
        Path plain = new Path(directory(set, split), file.name());
        try {
          Path path = fileSystem.exists(plain) ? plain : plain.suffix(".gz");
          MessageDigest digest = Checksum.digest("SHA-256");
          try (InputStream in = Gzip.uncompressed(fileSystem.open(path))) {
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
          }
          requireGenuine(set, file, path, digest);
        } catch (IOException e) {
          throw unusable(plain.toString(), e);
        }
      }
    }
  }

  private static void requireGenuine(
      RegisteredDataSet set, Checked file, Path path, MessageDigest digest) {
    try {
      Checksum.require(file.sha256(), digest);
    } catch (IOException e) {
      throw ConveneException.data(
          "%s is not the file of the data set %s: %s; replace it, or delete it to have it fetched",
          path, set.name(), e.getMessage());
    }
  }

  private void makeDirectory(Path directory) {
    try {
      fileSystem.mkdirs(directory);
    } catch (IOException e) {
      throw unusable(directory.toString(), e);
    }
  }

  private static ConveneException unusable(String path, IOException cause) {
    return new ConveneException(
        ExitStatus.UNAVAILABLE, "cannot use " + path + " as data cache: " + reason(cause), cause);
  }

  private void store(Missing file, InputStream content) throws IOException {
    Path partial =
        new Path(file.path.getParent(), "." + file.path.getName() + "." + UUID.randomUUID());
    try {
      MessageDigest digest = Checksum.digest("SHA-256");
      try (OutputStream out = new DigestOutputStream(fileSystem.create(partial), digest)) {
        Gzip.uncompressed(content).transferTo(out);
      }
      if (file.sha256 != null) {
        Checksum.require(file.sha256, digest);
      }
      // Another process may have been faster; some file systems refuse to replace its file.
      if (!fileSystem.rename(partial, file.path) && !fileSystem.exists(file.path)) {
        throw new IOException("cannot rename " + partial + " to " + file.path);
      }
    } catch (EOFException e) {
      throw new IOException("truncated", e);
    } finally {
      fileSystem.delete(partial, false);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static String explain(
      RegisteredDataSet set, List<String> failures, Collection<Missing> missing) {
    StringBuilder message =
        new StringBuilder("the data set " + set.name() + " could not be fetched. Tried:");
    failures.forEach(failure -> message.append("\n  ").append(failure));
    message.append("\nTo place it by hand, put these files there, as they are or with .gz:");
    for (Missing file : missing) {
      message.append("\n  ").append(file.path);
      if (file.sha256 != null) {
        message.append(" (sha256 of the uncompressed file ").append(file.sha256).append(')');
      }
    }
    return message.toString();
  }
}
