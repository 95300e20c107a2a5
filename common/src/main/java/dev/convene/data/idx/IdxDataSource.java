package dev.convene.data.idx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.ConveneException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * {@code spark.read().format("idx").load(path...)}: images with their labels, one row each, in the
 * order of the files.
 *
 * <p>Columns: {@code label} double, {@code features} an MLlib vector of the pixels, 0..255,
 * row-major, and {@code row} long, the image's index in its file from 0. A path is a directory that
 * holds one pair of files or an images file whose labels file lies beside it
 * (train-images-idx3-ubyte, train-labels-idx1-ubyte); each may be gzipped. A plain pair is read by
 * several tasks, a gzipped one by one. Damaged files end in a {@link ConveneException} that names
 * file and numbers: from {@code load} where header and length tell, else from the task that reads.
 */
public final class IdxDataSource implements TableProvider, DataSourceRegister {
  // Spark asks one instance for the schema, then for the table: the headers are read once.
  private IdxTable table;

  @Override
  public String shortName() {
    return "idx";
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    table =
        new IdxTable(
            IdxPair.find(
                paths(options), SparkSession.active().sparkContext().hadoopConfiguration()));
    return table.schema();
  }

  @Override
  public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> options) {
    if (table == null) {
      inferSchema(new CaseInsensitiveStringMap(options));
    }
    return table;
  }

  /** Spark hands one path over as {@code path}, several as a JSON array {@code paths}. */
  private static List<String> paths(CaseInsensitiveStringMap options) {
    if (options.containsKey("path")) {
      return List.of(options.get("path"));
    }
    if (!options.containsKey("paths")) {
      throw ConveneException.usage("the idx source needs a path: load(path)");
    }
    try {
      return List.of(new ObjectMapper().readValue(options.get("paths"), String[].class));
    } catch (JsonProcessingException e) {
      throw ConveneException.usage("paths is not a JSON array: %s", options.get("paths"));
    }
  }
}
