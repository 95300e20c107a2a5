package dev.convene.data;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convene.ConveneException;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Small tables in files, and what comes of reading them. */
final class Tables {
  private Tables() {}

  /** A csv file with a header. */
  static DataSource csv(Path file, String content) {
    return csv(file, content, Map.of("header", "true"));
  }

  static DataSource csv(Path file, String content, Map<String, String> options) {
    try {
      Files.createDirectories(file.getParent());
      return Sources.withOptions(
          Sources.of("csv", Files.writeString(file, content).toString()), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows in one file of a format. */
  static DataSource write(String format, Path folder, StructType schema, Row... rows) {
    LocalSpark.session()
        .createDataFrame(List.of(rows), schema)
        .coalesce(1)
        .write()
        .format(format)
        .save(folder.toString());
    return Sources.of(format, folder.toString());
  }

  /** Labels, weight and features, each in a column of its own. */
  static Dataset<Row> read(DataSource source, TableColumns columns) {
    return PackedFeatures.unpack(reader().read(source, columns));
  }

  /** {@link #read} of rows that may be bad. */
  static Dataset<Row> readMarked(DataSource source, TableColumns columns) {
    return PackedFeatures.unpack(reader().readMarked(source, columns));
  }

  /** A reader for tests that read no registered set. */
  static DataReader reader() {
    return new DataReader(LocalSpark.session(), "no-cache");
  }

  /** Features that may be missing, some of them categories. */
  static TableColumns missingAllowed(String label, Set<String> categorical) {
    return new TableColumns(List.of(label), Optional.empty(), List.of(), categorical, true, true);
  }

  /** What a pass over the rows ends in, as a job tells it. */
  static Exception failureOf(Dataset<Row> rows) {
    Exception failure = (Exception) catchThrowable(rows::collectAsList);
    return BadRowLocator.locate(LocalSpark.session(), "no-cache", List.of(), failure);
  }

  /** The message of that failure, which must be one for the user. */
  static String messageOf(Dataset<Row> rows) {
    return ((ConveneException) failureOf(rows)).getMessage();
  }
}
