package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.data.fetch.DataSetFetcher;
import dev.convene.data.fetch.RegisteredSplit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

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
  private static final String IDX_ROW = "row";
  static final String CSV = "csv";

  /** Holds what Spark's csv parser could not fit into the columns; null for sound rows. */
  static final String MALFORMED = "_convene_malformed_row";

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
    Dataset<Row> rows = source.format().equalsIgnoreCase(IDX) ? loadIdx(source) : loadTable(source);
    NumericColumns numbers = new NumericColumns(rows.schema(), source);
    List<Column> columns = new ArrayList<>();
    columns.add(numbers.label(label));
    for (String feature : features.isEmpty() ? others(source, rows, label) : features) {
      columns.add(numbers.feature(feature));
    }
    requireDistinct(source, label, features);
    if (rows.isEmpty()) {
      throw empty(source);
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  private static ConveneException empty(DataSource source) {
    return ConveneException.data("%s has no rows", source);
  }

  private static List<String> others(DataSource source, Dataset<Row> rows, String label) {
    boolean idx = source.format().equalsIgnoreCase(IDX);
    List<String> others =
        Arrays.stream(rows.columns())
            .filter(name -> !name.equals(label) && !name.equals(MALFORMED))
            .filter(name -> !(idx && name.equals(IDX_ROW)))
            .toList();
    if (others.isEmpty()) {
      throw ConveneException.data("%s has no column but the label %s", source, label);
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
    Set<Integer> firstLabels = new TreeSet<>();
    List<String> paths = new ArrayList<>();
    for (String location : source.locations()) {
      Optional<RegisteredSplit> registered = RegisteredSplit.parse(location);
      registered.ifPresent(split -> paths.add(fetched(split)));
      firstLabels.add(registered.map(split -> split.set().firstLabel()).orElse(0));
      if (registered.isEmpty()) {
        paths.add(location);
      }
    }
    if (firstLabels.size() > 1) {
      throw ConveneException.usage("%s count their labels differently: read one of them", source);
    }
    Dataset<Row> rows =
        spark.read().format(IDX).options(source.options()).load(paths.toArray(String[]::new));
    int firstLabel = firstLabels.iterator().next();
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
    return source.format().equalsIgnoreCase(CSV)
        ? loadCsv(source)
        : load(source, spark.read().format(source.format()).options(source.options()));
  }

  /** Every column as text, and a column for rows that have more or fewer fields than columns. */
  private Dataset<Row> loadCsv(DataSource source) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    // Spark's default takes the columns of a file whose header differs by their position.
    options.put("enforceSchema", "false");
    options.putAll(source.options());
    options.put("inferSchema", "false");
    options.put("columnNameOfCorruptRecord", MALFORMED);
    // Else only the columns that are read are counted, and a short row passes.
    options.put("columnPruning", "false");
    DataFrameReader reader = spark.read().format(CSV).options(options);
    StructType columns = load(source, reader).schema();
    if (columns.isEmpty()) {
      throw empty(source);
    }
    if (Boolean.parseBoolean(options.get("header"))) {
      requireDistinctHeader(source, options);
    }
    return load(source, reader.schema(columns.add(MALFORMED, DataTypes.StringType)));
  }

  /** Spark renames columns that share a name, so they are looked for in the file's first line. */
  private void requireDistinctHeader(DataSource source, Map<String, String> options) {
    DataFrameReader reader = spark.read().format(CSV).options(options).option("header", false);
    for (Row header : load(source, reader).takeAsList(1)) {
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < header.size(); i++) {
        if (!header.isNullAt(i) && !seen.add(header.getString(i).toLowerCase(Locale.ROOT))) {
          throw ConveneException.data(
              "%s has two columns named %s: rename one of them", source, header.getString(i));
        }
      }
    }
  }

  private static Dataset<Row> load(DataSource source, DataFrameReader reader) {
    try {
      return reader.load(source.locations().toArray(String[]::new));
    } catch (Exception e) {
      throw explain(source, e);
    }
  }

  private static RuntimeException explain(DataSource source, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String error = cause instanceof SparkThrowable known ? known.getErrorClass() : null;
      if ("DATA_SOURCE_NOT_FOUND".equals(error)) {
        return ConveneException.usage("%s is no data source that Spark has", source.format());
      }
      if ("PATH_NOT_FOUND".equals(error)) {
        return ConveneException.data(
            "no such path: %s", ((SparkThrowable) cause).getMessageParameters().get("path"));
      }
      if (cause instanceof AnalysisException || "CANNOT_READ_FILE_FOOTER".equals(error)) {
        return new ConveneException(
            ExitStatus.DATA,
            "cannot read " + source + " as " + source.format() + ": " + cause.getMessage(),
            failure);
      }
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new ConveneException(
            ExitStatus.UNAVAILABLE, "cannot read " + source + ": " + failure.getMessage(), failure);
  }
}
