package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalog.Table;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;

/** Predictions as a table of the catalog, written under another name that is then changed. */
final class PredictionTable implements PredictionSink {
  private static final Logger LOG = LoggerFactory.getLogger(PredictionTable.class);

  static final String FORMAT = "table";

  private final Settings settings;
  private final SparkSession spark;
  private final List<String> target;
  private final List<String> staging;

  private PredictionTable(List<String> target, Settings settings, SparkSession spark) {
    this.settings = settings;
    this.spark = spark;
    this.target = target;
    this.staging = suffixed(target);
  }

  static PredictionTable open(String output, Settings settings, SparkSession spark) {
    PredictionTable table = new PredictionTable(parts(output), settings, spark);
    if (settings.value(Keys.DATA_FORMAT).equals(FORMAT)
        && settings.value(Keys.PREDICT_INPUT).stream()
            .map(PredictionTable::parts)
            .anyMatch(table::isTarget)) {
      throw ConveneException.usage(
          "predict.output = %s is predict.input, which this job reads: choose another table",
          output);
    }
    if (!settings.value(Keys.PREDICT_OVERWRITE) && table.exists(table.target)) {
      throw ConveneException.data(
          "predict.output, table %s, exists already: choose another, or set predict.overwrite ="
              + " true",
          output);
    }
    return table;
  }

  /** Creates the table, empty, under its other name. */
  @Override
  public void prepare(StructType columns) {
    Dataset<Row> none = spark.createDataFrame(List.of(), columns);
    WriterOptions.require(
        settings.value(Keys.PREDICT_OPTIONS),
        FORMAT,
        options ->
            PredictionSink.writer(none, options, settings)
                .mode("overwrite")
                .saveAsTable(quoted(staging)));
  }

  @Override
  public void write(Dataset<Row> predictions) {
    PredictionSink.writer(predictions, settings.value(Keys.PREDICT_OPTIONS), settings)
        .mode("append")
        .saveAsTable(quoted(staging));
  }

  @Override
  public void commit(long rows) {
    if (!exists(target)) {
      rename(staging, target);
      return;
    }
    List<String> old = suffixed(target);
    rename(target, old);
    try {
      rename(staging, target);
    } catch (RuntimeException e) {
      rename(old, target);
      throw e;
    }
    try {
      drop(old);
    } catch (RuntimeException e) {
      LOG.warn("The predictions are complete, but the table {} that they replace stays", old, e);
    }
  }

  @Override
  public void close() {
    drop(staging);
  }

  private boolean exists(List<String> table) {
    return spark.catalog().tableExists(quoted(table));
  }

  private boolean isTarget(List<String> name) {
    return exists(name) && exists(target) && fullName(name).equalsIgnoreCase(fullName(target));
  }

  private String fullName(List<String> name) {
    try {
      Table table = spark.catalog().getTable(quoted(name));
      return "%s %s %s"
          .formatted(table.catalog(), Arrays.toString(table.namespace()), table.name());
    } catch (AnalysisException e) {
      throw ExceptionUtils.<RuntimeException>rethrow(e);
    }
  }

  /** The new name is one within the table's catalog. */
  private void rename(List<String> from, List<String> to) {
    List<String> inCatalog = to.size() > 2 ? to.subList(1, to.size()) : to;
    spark.sql("ALTER TABLE %s RENAME TO %s".formatted(quoted(from), quoted(inCatalog)));
  }

  private void drop(List<String> table) {
    spark.sql("DROP TABLE IF EXISTS " + quoted(table));
  }

  private static List<String> parts(String name) {
    try {
      return JavaConverters.seqAsJavaList(
          CatalystSqlParser$.MODULE$.parseMultipartIdentifier(name));
    } catch (Exception e) { // Scala does not declare its AnalysisException.
      throw new ConveneException(
          ExitStatus.USAGE, name + " names no table: quote a part that is no word by `", e);
    }
  }

  private static List<String> suffixed(List<String> name) {
    List<String> suffixed = new ArrayList<>(name);
    String last = suffixed.remove(suffixed.size() - 1);
    suffixed.add(last + "_" + UUID.randomUUID().toString().substring(0, 8));
    return suffixed;
  }

  private static String quoted(List<String> name) {
    return name.stream()
        .map(part -> "`" + part.replace("`", "``") + "`")
        .collect(Collectors.joining("."));
  }
}
