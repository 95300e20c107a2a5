package dev.convene.data;

import static scala.collection.JavaConverters.seqAsJavaList;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;

/** Opens files by Spark's data sources. */
final class SparkSource {
  private SparkSource() {}

  static Dataset<Row> load(DataFrameReader reader, List<String> paths) {
    return reader.load(paths.toArray(String[]::new));
  }

  /** Files of the source's format, with its options as they are. */
  static Dataset<Row> load(SparkSession spark, DataSource source, List<String> paths) {
    return load(spark.read().format(source.format()).options(source.options()), paths);
  }

  /** The columns that the names of folders give ({@code month=01}), which come last. */
  static List<String> folderColumns(Dataset<Row> rows) {
    return seqAsJavaList(rows.queryExecution().analyzed().collectLeaves()).stream()
        .filter(LogicalRelation.class::isInstance)
        .map(leaf -> ((LogicalRelation) leaf).relation())
        .filter(HadoopFsRelation.class::isInstance)
        .flatMap(files -> Stream.of(((HadoopFsRelation) files).partitionSchema().fieldNames()))
        .toList();
  }
}
