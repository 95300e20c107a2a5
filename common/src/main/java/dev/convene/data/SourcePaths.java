package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.data.fetch.DataSetFetcher;
import dev.convene.data.fetch.RegisteredSplit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * The paths of a source, registered data sets replaced by those of their files.
 *
 * @param firstLabel the smallest class in the files: 0, or 1 for registered sets that count so
 */
record SourcePaths(List<String> paths, int firstLabel) {

  /**
   * Resolves the source's locations; registered data sets that the cache lacks are fetched. A path
   * that exists as it is written is that path, whatever characters it has.
   *
   * @param cache the directory of registered data sets
   * @throws ConveneException (usage) for a registered set of another format, or for sets that count
   *     their labels differently
   */
  static SourcePaths of(SparkSession spark, String cache, DataSource source) {
    try {
      return resolved(spark, cache, source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SourcePaths resolved(SparkSession spark, String cache, DataSource source)
      throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    List<String> paths = new ArrayList<>();
    Set<Integer> firstLabels = new HashSet<>();
    for (String location : source.locations()) {
      Optional<String> unusual = LiteralPath.of(location, hadoop);
      Optional<RegisteredSplit> split =
          unusual.isPresent() ? Optional.empty() : RegisteredSplit.parse(location);
      paths.add(
          split
              .map(found -> fetched(spark, cache, source, found))
              .or(() -> unusual)
              .orElse(location));
      firstLabels.add(split.map(found -> found.set().firstLabel()).orElse(0));
    }
    if (firstLabels.size() > 1) {
      throw ConveneException.usage("%s count their labels differently: read one of them", source);
    }
    return new SourcePaths(paths, firstLabels.iterator().next());
  }

  /**
   * Where the source's files are, or those of a registered data set will be once it is fetched;
   * without paths that Hadoop cannot read.
   */
  static List<String> named(SparkSession spark, String cache, DataSource source) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    List<String> paths = new ArrayList<>();
    try {
      for (String location : source.locations()) {
        Optional<String> unusual = LiteralPath.of(location, hadoop);
        if (unusual.isPresent()) {
          paths.add(unusual.get());
        } else if (RegisteredSplit.parse(location).isPresent()) {
          paths.add(directory(fetcher(spark, cache), RegisteredSplit.parse(location).get()));
        } else if (LiteralPath.isPath(location)) {
          paths.add(location);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return paths;
  }

  private static String fetched(
      SparkSession spark, String cache, DataSource source, RegisteredSplit split) {
    if (!source.format().equalsIgnoreCase(split.set().format())) {
      throw ConveneException.usage(
          "%s is a data set of format %s, not %s", split, split.set().format(), source.format());
    }
    DataSetFetcher fetcher = fetcher(spark, cache);
    fetcher.fetch(split.set());
    return directory(fetcher, split);
  }

  private static DataSetFetcher fetcher(SparkSession spark, String cache) {
    return new DataSetFetcher(cache, spark.sparkContext().hadoopConfiguration());
  }

  private static String directory(DataSetFetcher fetcher, RegisteredSplit split) {
    return fetcher.directory(split.set(), split.split()).toString();
  }
}
