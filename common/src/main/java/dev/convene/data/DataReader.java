package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.data.fetch.DataSetFetcher;
import dev.convene.data.fetch.RegisteredSplit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Reads any source into a DataFrame that is ready to train on: the label as double, then the
 * features, each a finite double or an MLlib vector.
 *
 * <p>Nothing is guessed: the text of a csv file is read as text, and what is not a number is an
 * error. Values are checked in the pass that uses them, so clean data is read no more often for it;
 * a bad value ends that pass with a {@link ConveneException} that names file, column and value.
 */
public final class DataReader {
  static final String IDX = "idx";
  static final String CSV = "csv";
  private static final String IDX_ROW = "row";

  private final SparkSession spark;
  private final String cache;

  /**
   * A reader that keeps registered data sets in a cache.
   *
   * @param cache a directory on any Hadoop file system; used only if a registered set is read
   */
  public DataReader(SparkSession spark, String cache) {
    this.spark = spark;
    this.cache = cache;
  }

  /**
   * Reads a source; registered data sets that the cache lacks are fetched.
   *
   * @param label the label's column
   * @param features the features' columns in their order; empty for every column but the label (and
   *     idx's row index)
   * @return the columns {@code label}, {@code features...}, under their own names; at least one row
   * @throws ConveneException if there is nothing to read, a column is missing, twice or not numeric
   */
  public Dataset<Row> read(DataSource source, String label, List<String> features) {
    if (source.locations().isEmpty()) {
      throw ConveneException.usage("no path given to read %s from", source.format());
    }
    requireDistinct(source, label, features);
    Dataset<Row> rows = source.isFormat(IDX) ? loadIdx(source) : loadTable(source);
    NumericColumns numbers = new NumericColumns(rows.schema(), source);
    List<Column> columns = new ArrayList<>();
    columns.add(numbers.label(label));
    for (String feature : features.isEmpty() ? others(source, rows, label) : features) {
      columns.add(numbers.feature(feature));
    }
    if (rows.isEmpty()) {
      throw ConveneException.data("%s has no rows", source);
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  private static List<String> others(DataSource source, Dataset<Row> rows, String label) {
    boolean idx = source.isFormat(IDX);
    List<String> others =
        Arrays.stream(rows.columns())
            .filter(name -> !name.equals(label) && !name.equals(CsvText.MALFORMED))
            .filter(name -> !(idx && name.equals(IDX_ROW)))
            .toList();
    if (others.isEmpty()) {
      throw ConveneException.data(
          "%s has no features: its only column is the label, %s", source, label);
    }
    return others;
  }

  private static void requireDistinct(DataSource source, String label, List<String> features) {
    Set<String> seen = new HashSet<>(Set.of(label));
    for (String feature : features) {
      if (!seen.add(feature)) {
        throw ConveneException.usage(
            feature.equals(label)
                ? "column %s of %s is the label and a feature: leave it out of the features"
                : "column %s of %s is named twice among the features",
            feature,
            source);
      }
    }
  }

  private Dataset<Row> loadIdx(DataSource source) {
    List<Optional<RegisteredSplit>> splits =
        source.locations().stream().map(RegisteredSplit::parse).toList();
    List<Integer> firstLabels =
        splits.stream()
            .map(split -> split.map(s -> s.set().firstLabel()).orElse(0))
            .distinct()
            .toList();
    if (firstLabels.size() > 1) {
      throw ConveneException.usage("%s count their labels differently: read one of them", source);
    }
    String[] paths = source.locations().toArray(String[]::new);
    for (int i = 0; i < paths.length; i++) {
      if (splits.get(i).isPresent()) {
        paths[i] = fetched(splits.get(i).get());
      }
    }
    Dataset<Row> rows = spark.read().format(IDX).options(source.options()).load(paths);
    int firstLabel = firstLabels.get(0);
    return firstLabel == 0
        ? rows
        : rows.withColumn("label", functions.col("label").minus((double) firstLabel));
  }

  private String fetched(RegisteredSplit split) {
    DataSetFetcher fetcher = new DataSetFetcher(cache, spark.sparkContext().hadoopConfiguration());
    fetcher.fetch(split.set());
    return fetcher.directory(split.set(), split.split()).toString();
  }

  private Dataset<Row> loadTable(DataSource source) {
    for (String location : source.locations()) {
      if (RegisteredSplit.parse(location).isPresent()) {
        throw ConveneException.usage(
            "%s is a data set of format idx, not %s", location, source.format());
      }
    }
    return source.isFormat(CSV)
        ? CsvText.load(spark, source)
        : SparkSource.load(source, spark.read().format(source.format()).options(source.options()));
  }
}
