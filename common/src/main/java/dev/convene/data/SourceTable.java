package dev.convene.data;

import dev.convene.ConveneException;
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
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * A source's rows as they came, with its derived columns; of csv and image {@link #MALFORMED} too.
 *
 * @param fields how many columns the source has itself
 */
record SourceTable(DataSource source, Dataset<Row> rows, int fields) {
  /** The place of an image in its file. */
  private static final String IMAGE_ROW = "row";

  /** Tells of a row that the source could not read ({@link #misfit}); null in others. */
  static final String MALFORMED = "_convene_malformed_row";

  /** Where Spark puts the text that is no JSON. */
  private static final String NOT_JSON = "_corrupt_record";

  /**
   * Opens a source; registered data sets that the cache lacks are fetched.
   *
   * @param cache where registered data sets are kept
   */
  static SourceTable open(SparkSession spark, String cache, DataSource source) {
    if (source.locations().isEmpty()) {
      throw ConveneException.usage("no path given to read %s from", source.format());
    }
    if (!source.columns().isEmpty() && !source.isFormat(DataReader.CSV)) {
      throw ConveneException.usage(
          "data.columns names the columns of a csv without header, but data.format is %s",
          source.format());
    }
    Dataset<Row> rows = load(spark, cache, source);
    List<String> names = names(rows);
    if (names.contains(NOT_JSON) && source.isFormat("json")) {
      throw ConveneException.data(
          "%s has lines that are no JSON objects: correct them (if an object takes several lines,"
              + " set data.options.multiLine = true)",
          source);
    }
    requireDistinct(source, names);
    return new SourceTable(source, derived(source, rows), names.size());
  }

  /** The source's own columns and the derived ones. */
  List<String> names() {
    return names(rows);
  }

  private static List<String> names(Dataset<Row> rows) {
    return Arrays.stream(rows.columns()).filter(name -> !name.equals(MALFORMED)).toList();
  }

  /** The columns that can be features: all but those, and but the row or path of images. */
  List<String> namesBut(Set<String> others) {
    return names().stream().filter(name -> !others.contains(name) && !isPlace(name)).toList();
  }

  /** Whether the column only tells where a row comes from. */
  private boolean isPlace(String name) {
    return (source.isOfLabelledImages() && name.equals(IMAGE_ROW))
        || (source.isFormat(DataReader.IMAGE) && name.equals(ImageFolders.PATH));
  }

  /** Whether that column is the pixels as they were read, not what was derived from them. */
  boolean isPixels(String name) {
    return (source.isOfLabelledImages() || source.isFormat(DataReader.IMAGE))
        && name.equals(ImageFolders.FEATURES)
        && !source.derive().containsKey(name);
  }

  /** Whether {@link #MALFORMED} rows lack that column. */
  boolean mayLack(String name) {
    return source.isFormat(DataReader.CSV)
        || (source.isFormat(DataReader.IMAGE)
            && rows.schema().apply(name).dataType().equals(SQLDataTypes.VectorType()));
  }

  Misfit misfit() {
    return source.isFormat(DataReader.IMAGE)
        ? new Misfit("", Misfit.LEAVE_FILE_OUT)
        : new Misfit("a row does not have " + fields + " fields as the first one does: ", "");
  }

  /** The column of that very name, whatever is in it. */
  static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  /** Refuses names that Spark, which ignores case, would take for one. */
  static void requireDistinct(DataSource source, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw sameName(source, name);
      }
    }
  }

  static ConveneException sameName(DataSource source, String name) {
    return ConveneException.data("%s has two columns named %s: rename one of them", source, name);
  }

  private static Dataset<Row> load(SparkSession spark, String cache, DataSource source) {
    if (source.isFormat("table")) {
      return SparkSource.table(spark, source);
    }
    if (source.isFormat("jdbc")) {
      return SparkSource.jdbc(spark, source);
    }
    List<RegisteredSplit> registered = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    for (String location : source.locations()) {
      Optional<RegisteredSplit> split = RegisteredSplit.parse(location);
      split.ifPresent(registered::add);
      paths.add(split.map(found -> fetched(spark, cache, source, found)).orElse(location));
    }
    if (source.isFormat(DataReader.CSV)) {
      return CsvText.load(spark, source, paths);
    }
    if (source.isFormat(DataReader.IMAGE)) {
      return ImageFolders.load(spark, source, paths);
    }
    double firstLabel = firstLabel(source, registered);
    Dataset<Row> rows =
        SparkSource.load(
            source, spark.read().format(source.format()).options(source.options()), paths);
    return firstLabel == 0
        ? rows
        : rows.withColumn("label", functions.col("label").minus(firstLabel));
  }

  private static String fetched(
      SparkSession spark, String cache, DataSource source, RegisteredSplit split) {
    if (!source.isFormat(split.set().format())) {
      throw ConveneException.usage(
          "%s is a data set of format %s, not %s", split, split.set().format(), source.format());
    }
    DataSetFetcher fetcher = new DataSetFetcher(cache, spark.sparkContext().hadoopConfiguration());
    fetcher.fetch(split.set());
    return fetcher.directory(split.set(), split.split()).toString();
  }

  /** The smallest class in the files; paths count from 0. */
  private static double firstLabel(DataSource source, List<RegisteredSplit> registered) {
    Set<Integer> firstLabels = new HashSet<>();
    registered.forEach(split -> firstLabels.add(split.set().firstLabel()));
    if (registered.size() < source.locations().size()) {
      firstLabels.add(0);
    }
    if (firstLabels.size() > 1) {
      throw ConveneException.usage("%s count their labels differently: read one of them", source);
    }
    return firstLabels.iterator().next();
  }

  /** The rows with the source's derived columns. */
  static Dataset<Row> derived(DataSource source, Dataset<Row> rows) {
    Dataset<Row> derived = rows;
    for (Map.Entry<String, String> column : source.derive().entrySet()) {
      try {
        derived = derived.withColumn(column.getKey(), functions.expr(column.getValue()));
      } catch (Exception e) {
        // Spark's sources are Scala, so javac does not know that this may throw an
        // AnalysisException.
        throw e instanceof AnalysisException refused
            ? underivable(column, source, derived, refused)
            : (RuntimeException) e;
      }
    }
    return derived;
  }

  private static ConveneException underivable(
      Map.Entry<String, String> column,
      DataSource source,
      Dataset<Row> rows,
      AnalysisException refused) {
    String reason =
        String.valueOf(refused.getErrorClass()).startsWith("UNRESOLVED_COLUMN")
            ? "there is no column %s; %s has %s"
                .formatted(
                    refused.getMessageParameters().get("objectName"),
                    source,
                    String.join(", ", names(rows)))
            : firstLine(refused);
    return ConveneException.usage(
        "data.derive.%s = %s: %s", column.getKey(), column.getValue(), reason);
  }

  /** Spark's words without its error class in brackets, its query, its plan and the position. */
  private static String firstLine(AnalysisException refused) {
    return refused
        .getSimpleMessage()
        .strip()
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^\\[[^]]*] ", "")
        .replaceFirst("\\.?(; line \\d+ pos \\d+)?$", "");
  }
}
