package dev.convene.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
class SparkSourcesTest {
  private static final StructType XY =
      new StructType().add("x", DataTypes.DoubleType).add("y", DataTypes.LongType);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc", "json"})
  void filesOfEveryFormatAreRead(String format) {
    DataSource source = Tables.write(format, folder.resolve("t"), XY, RowFactory.create(0.5, 3L));
    assertThat(Tables.read(source, Sources.columns("y")).collectAsList())
        .containsExactly(RowFactory.create(3.0, 0.5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc", "json"})
  void columnsThatDifferInCaseOnlyAreRefused(String format) {
    SparkSession spark = LocalSpark.session();
    DataSource source;
    spark.conf().set("spark.sql.caseSensitive", true);
    try {
      source =
          Tables.write(
              format,
              folder.resolve("t"),
              XY.add("X", DataTypes.DoubleType),
              RowFactory.create(0.5, 3L, 1.5));
    } finally {
      spark.conf().unset("spark.sql.caseSensitive");
    }
    assertThatThrownBy(() -> Tables.read(source, Sources.columns("y")))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessageMatching(".*/t has two columns named [xX]: rename one of them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void foldersWithoutFilesAreNamed(String format) throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(
            () -> Tables.read(Sources.of(format, empty.toString()), Sources.columns("y")))
        .isInstanceOf(ConveneException.class)
        .hasMessage("%s has no rows: there is no %s file in it", empty, format);
    DataSource noRows = Tables.write(format, folder.resolve("t"), XY);
    assertThatThrownBy(() -> Tables.read(noRows, Sources.columns("y")))
        .isInstanceOf(ConveneException.class)
        .hasMessage("%s/t has no rows", folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void damagedFilesAreNamed(String format) throws IOException {
    Path file = Files.writeString(folder.resolve("damaged"), "x".repeat(100));
    assertThatThrownBy(() -> Tables.read(Sources.of(format, file.toString()), Sources.columns("y")))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessageStartingWith("cannot read " + file + " as " + format + ": ");
  }

  @Test
  void textThatIsNotJsonIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "{\"x\":1,\"y\":2}\n{\"x\":\n");
    assertThatThrownBy(() -> Tables.read(Sources.of("json", file.toString()), Sources.columns("y")))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(
            "%s has lines that are no JSON objects: correct them (if an object takes several lines,"
                + " set data.options.multiLine = true)",
            file);
  }

  @Test
  void tablesOfTheCatalogAreRead() {
    LocalSpark.session()
        .createDataFrame(List.of(RowFactory.create(0.5, 3L)), XY)
        .createOrReplaceTempView("some_rows");
    assertThat(Tables.read(Sources.of("table", "some_rows"), Sources.columns("y")).head())
        .isEqualTo(RowFactory.create(3.0, 0.5));
    assertThatThrownBy(() -> Tables.read(Sources.of("table", "no_rows"), Sources.columns("y")))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage("no such table in the catalog: no_rows");
    assertThatThrownBy(
            () -> Tables.read(Sources.of("table", "some_rows", "more"), Sources.columns("y")))
        .isInstanceOf(ConveneException.class)
        .hasMessage("some_rows, more are several tables: data.format = table reads one");
    DataSource noValue =
        Sources.withDerived(Sources.of("table", "some_rows"), Map.of("x", "cast(null as double)"));
    assertThat(Tables.messageOf(Tables.read(noValue, Sources.columns("y"))))
        .isEqualTo(
            "some_rows: column x holds no value, not a finite number: correct the row, or set"
                + " preprocess.missing to fill such values");
  }

  @Test
  void aMissingJdbcDriverIsNamed() {
    DataSource source =
        Sources.withOptions(Sources.of("jdbc", "db.rows"), Map.of("url", "jdbc:nothing://host/db"));
    assertThatThrownBy(() -> Tables.read(source, Sources.columns("y")))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessage(
            "no JDBC driver for the table db.rows: check data.options.url, and add the driver's jar"
                + " to Spark (--jars)");
  }

  @Test
  void libsvmFilesOfDifferentWidthsAreNamed() throws IOException {
    Path train = Files.writeString(folder.resolve("train"), "1 1:0.5 4:2\n0 2:1\n");
    Path test = Files.writeString(folder.resolve("test"), "1 3:0.5\n");
    DataSource first = Sources.of("libsvm", train.toString());
    DataSource other = Sources.of("libsvm", test.toString());
    TableColumns columns = Sources.columns("label");
    assertThat(Tables.read(first, columns).collectAsList())
        .containsExactly(
            RowFactory.create(1.0, Vectors.sparse(4, new int[] {0, 3}, new double[] {0.5, 2})),
            RowFactory.create(0.0, Vectors.sparse(4, new int[] {1}, new double[] {1})));
    assertThatThrownBy(
            () ->
                DataReader.requireSameColumns(
                    Tables.read(first, columns), "a", Tables.read(other, columns), "b"))
        .hasMessage(
            "b does not have the columns of a: features is a vector of 3 numbers, not of 4: set"
                + " data.options.numFeatures to 4 for both");
    Map<String, String> four = Map.of("numFeatures", "4");
    Dataset<Row> wide = Tables.read(Sources.withOptions(other, four), columns);
    DataReader.requireSameColumns(Tables.read(first, columns), "a", wide, "b");
    assertThat(wide.head())
        .isEqualTo(RowFactory.create(1.0, Vectors.sparse(4, new int[] {2}, new double[] {0.5})));
  }
}
