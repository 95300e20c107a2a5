package dev.convene.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.ml.LabelChecks;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;

@Tag("spark")
class DataReaderTest {
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir Path temp;

  private Dataset<Row> read(DataSource source, String label, String... features) {
    return PackedFeatures.unpack(
        new DataReader(SPARK, temp.resolve("cache").toString())
            .read(source, Sources.columns(label, features)));
  }

  private DataSource csv(String content) {
    return csv(content, Map.of("header", "true"));
  }

  private DataSource csv(String content, Map<String, String> options) {
    try {
      Path file = Files.writeString(temp.resolve("a b.csv"), content);
      return Sources.withOptions(Sources.of("csv", file.toString()), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String csvFile() {
    return "file:" + temp + "/a b.csv";
  }

  private DataSource parquet(StructType schema, Row... rows) {
    Path file = temp.resolve("table");
    SPARK
        .createDataFrame(List.of(rows), schema)
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(file.toString());
    return Sources.of("parquet", file.toString());
  }

  private static ConveneException failureOf(Dataset<Row> rows) {
    Throwable failure = catchThrowable(rows::collectAsList);
    while (failure != null && !(failure instanceof ConveneException)) {
      failure = failure.getCause();
    }
    return (ConveneException) failure;
  }

  @Test
  void csvColumnsAreNumbersInTheOrderAskedFor() {
    DataSource source = csv("x,y,weird `name.1\n1,2,3\n -4 ,5e-1,+6.25\n");
    assertThat(read(source, "y").columns()).containsExactly("y", "x", "weird `name.1");
    assertThat(read(source, "x", "weird `name.1", "y").collectAsList())
        .containsExactly(RowFactory.create(1.0, 3.0, 2.0), RowFactory.create(-4.0, 6.25, 0.5));
  }

  @Test
  void csvOptionsAreSparks() {
    DataSource source = csv("1;2\n3;4\n", Map.of("sep", ";", "inferSchema", "true"));
    assertThat(read(source, "_c1").collectAsList())
        .containsExactly(RowFactory.create(2.0, 1.0), RowFactory.create(4.0, 3.0));
  }

  @Test
  void csvFilesWithColumnsInAnotherOrderAreNotMixedUp() throws IOException {
    Files.writeString(temp.resolve("1.csv"), "x,y\n1,2\n5,6\n7,8\n");
    Files.writeString(temp.resolve("2.csv"), "y,x\n3,4\n");
    DataSource source =
        Sources.withOptions(Sources.of("csv", temp + "/*.csv"), Map.of("header", "true"));
    assertThatThrownBy(() -> read(source, "y").collectAsList())
        .rootCause()
        .hasMessageContaining("CSV header does not conform to the schema")
        .hasMessageContaining("2.csv");
  }

  @Test
  void textInANumericCsvColumnIsNamed() {
    assertThat(failureOf(read(csv("x,y\n1,2\nabc,4\n"), "y")))
        .hasMessage(
            "%s: column x holds 'abc', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
            csvFile());
    assertThat(failureOf(read(csv("x,y\n1,2\n3,\n"), "y")))
        .hasMessage(
            "%s: column y holds no value, not a finite number: correct the row or leave it out",
            csvFile());
    assertThat(failureOf(read(csv("x,y\n1,2\n3,NaN\n"), "x")))
        .hasMessage(
            "%s: column y holds 'NaN', not a finite number: correct the row, or set preprocess.missing to fill such values",
            csvFile());
    assertThat(failureOf(read(csv("x,y\n1,2\n3,-Infinity\n"), "x")))
        .hasMessage(
            "%s: column y holds '-Infinity', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
            csvFile());
    assertThat(failureOf(read(csv("x,y\n1,2\n3d,4\n"), "y")))
        .hasMessage(
            "%s: column x holds '3d', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
            csvFile());
    assertThat(failureOf(read(csv("x,y\n1,2\ntrue,4\n"), "y")))
        .hasMessage(
            "%s: column x holds 'true', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
            csvFile());
  }

  @Test
  void columnsThatAreNotReadMayHoldAnything() {
    assertThat(read(csv("x,id,y\n1,abc,2\n3,,4\n"), "y", "x").collectAsList())
        .containsExactly(RowFactory.create(2.0, 1.0), RowFactory.create(4.0, 3.0));
  }

  @Test
  void csvRowsOfAnotherLengthAreNamed() {
    assertThat(failureOf(read(csv("x,y\n1,2\n3,4,5\n"), "y")))
        .hasMessage("%s: a row does not have 2 fields as the first one does: 3,4,5", csvFile());
    assertThat(failureOf(read(csv("x,y,z\n1,2,3\n3,4\n"), "y", "x")))
        .hasMessage("%s: a row does not have 3 fields as the first one does: 3,4", csvFile());
  }

  @Test
  void columnsThatAreMissingOrTwiceAreNamed() {
    DataSource source = csv("x,y\n1,2\n");
    String file = temp + "/a b.csv";
    assertThatThrownBy(() -> read(source, "label"))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage("%s has no column label; it has x, y", file);
    assertThatThrownBy(() -> read(csv("x,y\n1,2\n", Map.of()), "y"))
        .hasMessage(
            "%s has no column y; it has _c0, _c1 (if its first line names the columns, set the"
                + " option header = true)",
            file);
    assertThatThrownBy(() -> read(source, "y", "x", "z"))
        .hasMessage("%s has no column z; it has x, y", file);
    assertThatThrownBy(() -> read(source, "y", "x", "x"))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessage("column x of %s is named twice among the features", file);
    assertThatThrownBy(() -> read(source, "y", "x", "y"))
        .hasMessage(
            "column y of %s is the label and a feature: leave it out of the features", file);
    assertThatThrownBy(() -> read(csv("y\n1\n"), "y"))
        .hasMessage("%s has no features: its only column is the label, y", file);
    assertThatThrownBy(() -> read(csv("x,y,X\n1,2,3\n"), "y"))
        .isInstanceOf(ConveneException.class)
        .hasMessage("%s has two columns named X: rename one of them", file);
  }

  @Test
  void emptyAndMissingSourcesAreNamed() {
    assertThatThrownBy(() -> read(csv("x,y\n"), "y"))
        .isInstanceOf(ConveneException.class)
        .hasMessage("%s/a b.csv has no rows", temp);
    assertThatThrownBy(() -> read(csv(""), "y"))
        .isInstanceOf(ConveneException.class)
        .hasMessage("%s/a b.csv has no rows", temp);
    assertThatThrownBy(() -> read(Sources.of("csv", temp + "/none.csv"), "y"))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage("no such path: file:%s/none.csv", temp);
    assertThatThrownBy(() -> read(Sources.of("parquet", temp + "/no*"), "y"))
        .hasMessage("no such path: file:%s/no*", temp);
    assertThatThrownBy(() -> read(Sources.of("parquett", temp.toString()), "y"))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessage(
            "parquett is no data source that Spark has: set data.format to idx, csv, parquet or another");
    Path blank =
        IdxFiles.writePair(temp.resolve("blank"), "x", false, 0, 2, 2, (i, p) -> 0, i -> 0);
    assertThatThrownBy(() -> read(Sources.of("idx", blank.toString()), "label"))
        .hasMessage("%s has no rows", blank);
  }

  @Test
  void filesOfAnotherFormatAreNamed() {
    csv("x,y\n1,2\n");
    assertThatThrownBy(() -> read(Sources.of("parquet", temp + "/a b.csv"), "y"))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessageStartingWith("cannot read " + temp + "/a b.csv as parquet: ")
        .hasMessageContaining("Could not read footer for file: " + csvFile());
  }

  @Test
  void typedColumnsBecomeDoubles() {
    StructType schema =
        new StructType()
            .add("flag", DataTypes.BooleanType)
            .add("count", DataTypes.LongType)
            .add("price", DataTypes.createDecimalType(10, 2))
            .add("weight", DataTypes.FloatType)
            .add("image", SQLDataTypes.VectorType());
    DataSource source =
        parquet(
            schema,
            RowFactory.create(true, 7L, new BigDecimal("1.25"), 0.5f, Vectors.dense(1, 2)),
            RowFactory.create(
                false,
                -7L,
                new BigDecimal("-1.25"),
                -0.5f,
                Vectors.sparse(2, new int[] {1}, new double[] {3})));
    Dataset<Row> rows = read(source, "count");
    assertThat(rows.columns()).containsExactly("count", "flag", "price", "weight", "image");
    assertThat(rows.collectAsList())
        .containsExactly(
            RowFactory.create(7.0, 1.0, 1.25, 0.5, Vectors.dense(1, 2)),
            RowFactory.create(
                -7.0, 0.0, -1.25, -0.5, Vectors.sparse(2, new int[] {1}, new double[] {3})));
    assertThatThrownBy(() -> read(source, "image"))
        .hasMessage("column image of %s/table is a vector, not a label", temp);
  }

  @Test
  void typedColumnsThatAreNotNumbersAreNamed() {
    StructType schema =
        new StructType().add("name", DataTypes.StringType).add("y", DataTypes.IntegerType);
    assertThatThrownBy(() -> read(parquet(schema, RowFactory.create("1", 2)), "y"))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(
            "column name of %s/table is of type string, not numeric: name it in data.categorical, or leave it out of data.features",
            temp);
  }

  @Test
  void valuesThatCannotBeTrainedOnAreNamed() {
    assertThat(failureOf(read(pairOf(DataTypes.DoubleType, Double.NaN), "y")))
        .hasMessageMatching(
            "file:.*/table/part-.*parquet: column x holds 'NaN', not a finite number: correct the row, or set preprocess.missing to fill such values");
    assertThat(failureOf(read(pairOf(DataTypes.IntegerType, null), "y")))
        .hasMessageMatching(
            "file:.*/table/part-.*parquet: column x holds no value, not a finite number: correct the row, or set preprocess.missing to fill such values");
    assertThat(
            failureOf(read(pairOf(SQLDataTypes.VectorType(), Vectors.dense(1, Double.NaN)), "y")))
        .hasMessageMatching(
            "file:.*/table/part-.*parquet: column x holds a vector with NaN in it, not a finite"
                + " number: correct the row, or leave the column out of data.features");
    assertThat(failureOf(read(pairOf(SQLDataTypes.VectorType(), null), "y")))
        .hasMessageMatching(
            "file:.*/table/part-.*parquet: column x holds no value, not a vector: correct the row, or leave the column out of data.features");
  }

  private DataSource pairOf(DataType type, Object x) {
    return parquet(
        new StructType().add("x", type).add("y", DataTypes.IntegerType), RowFactory.create(x, 1));
  }

  @Test
  void idxGivesLabelAndPixels() {
    Path directory =
        IdxFiles.writePair(
            temp.resolve("idx"), "train", true, 2, 1, 2, (i, p) -> 10 * i + p, i -> i + 3);
    assertThat(read(Sources.of("idx", directory.toString()), "label").collectAsList())
        .containsExactly(
            RowFactory.create(3.0, Vectors.dense(0, 1)),
            RowFactory.create(4.0, Vectors.dense(10, 11)));
  }

  @Test
  void lookingAtLabelsLeavesTheImagesAlone() throws IOException {
    Path directory =
        IdxFiles.writePair(temp.resolve("idx"), "train", false, 3, 1, 2, (i, p) -> 0, i -> i);
    Dataset<Row> rows = read(Sources.of("idx", directory.toString()), "label");
    Files.delete(directory.resolve("train-images-idx3-ubyte"));
    assertThat(LabelChecks.countClasses(rows, "label", "data.train")).isEqualTo(3);
  }

  @Test
  void registeredSetIsReadFromTheCacheWithLabelsFromZero() {
    for (String split : List.of("train", "test")) {
      IdxFiles.writePair(
          temp.resolve("cache/emnist-letters/" + split),
          "emnist-letters-" + split,
          true,
          26,
          1,
          1,
          (i, p) -> i,
          i -> i + 1);
    }
    Dataset<Row> rows = read(Sources.of("idx", "emnist-letters:test"), "label");
    assertThat(rows.head()).isEqualTo(RowFactory.create(0.0, Vectors.dense(0)));
    assertThat(LabelChecks.countClasses(rows, "label", "the letters")).isEqualTo(26);
    assertThatThrownBy(() -> read(Sources.of("csv", "mnist:train"), "label"))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessage("mnist:train is a data set of format idx, not csv");
    assertThatThrownBy(() -> read(Sources.of("idx", "emnist-letters:test", temp + "/x"), "label"))
        .hasMessage(
            "emnist-letters:test, %s/x count their labels differently: read one of them", temp);
  }

  @Test
  void cleanDataIsReadOnce() {
    DataSource source = csv("x,y\n" + "1,2\n".repeat(1000));
    Dataset<Row> rows = read(source, "y");
    assertThat(rows.queryExecution().executedPlan().toString()).containsOnlyOnce("FileScan csv");
    assertThat(rows.agg(functions.sum("x"), functions.sum("y")).head())
        .isEqualTo(RowFactory.create(1000.0, 2000.0));
  }

  @Test
  void codeForWideTablesIsShortEnoughForTheJitCompiler() {
    StructType schema = new StructType();
    for (int i = 0; i < 40; i++) {
      schema = schema.add("x" + i, DataTypes.DoubleType);
    }
    DataSource source =
        parquet(schema, RowFactory.create(Collections.nCopies(40, (Object) 1.0).toArray()));
    assertThat(longestMethod(read(source, "x0"))).isBetween(1, 8000);
    Dataset<Row> marked =
        PackedFeatures.unpack(
            new DataReader(SPARK, temp.toString()).readMarked(source, Sources.columns("x0")));
    assertThat(longestMethod(marked)).isBetween(1, 8000);
  }

  /** Its bytes. */
  private static int longestMethod(Dataset<Row> rows) {
    return JavaConverters.seqAsJavaList(rows.queryExecution().debug().codegenToSeq()).stream()
        .mapToInt(stage -> stage._3().maxMethodCodeSize())
        .max()
        .orElse(0);
  }
}
