package dev.convene.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.testkit.LocalSpark;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
class TypedColumnsTest {
  @TempDir Path folder;

  private DataSource one(String name, DataType type, Object value) {
    return Tables.write(
        "parquet",
        folder.resolve(name),
        new StructType().add("x", type).add("y", DataTypes.IntegerType),
        RowFactory.create(value, 1));
  }

  private Object feature(DataSource source, TableColumns columns) {
    return Tables.read(source, columns).head().get(1);
  }

  @Test
  void timesAndArraysBecomeNumbers() {
    TableColumns xy = Sources.columns("y");
    assertThat(feature(one("d", DataTypes.DateType, Date.valueOf(LocalDate.of(1970, 2, 1))), xy))
        .isEqualTo(31.0);
    Timestamp time = Timestamp.from(Instant.parse("1970-01-01T00:01:00.25Z"));
    assertThat(feature(one("t", DataTypes.TimestampType, time), xy)).isEqualTo(60.25);
    assertThat(
            feature(
                one("a", DataTypes.createArrayType(DataTypes.IntegerType), new Integer[] {3, 1}),
                xy))
        .isEqualTo(Vectors.dense(3, 1));
    assertThat(
            feature(
                one(
                    "e",
                    DataTypes.createArrayType(DataTypes.createDecimalType(3, 1)),
                    new BigDecimal[] {new BigDecimal("2.5")}),
                xy))
        .isEqualTo(Vectors.dense(2.5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "America/Los_Angeles", "Asia/Kathmandu"})
  void timesWithoutAZoneAreTheSameInEveryZone(String zone) {
    SparkSession spark = LocalSpark.session();
    String before = spark.conf().get("spark.sql.session.timeZone");
    spark.conf().set("spark.sql.session.timeZone", zone);
    try {
      // The second is not there in Los Angeles, where clocks were put forward.
      for (String time :
          List.of("1970-01-01T00:01:00.25", "2025-03-09T02:30:00", "1904-02-29T23:59:59.999999")) {
        LocalDateTime local = LocalDateTime.parse(time);
        Instant asUtc = local.toInstant(ZoneOffset.UTC);
        assertThat(
                feature(
                    one("n" + time.length() + zone.length(), DataTypes.TimestampNTZType, local),
                    Sources.columns("y")))
            .as(time)
            .isEqualTo(asUtc.getEpochSecond() + asUtc.getNano() / 1e9);
      }
    } finally {
      spark.conf().set("spark.sql.session.timeZone", before);
    }
  }

  @Test
  void categoriesBecomeText() {
    TableColumns x =
        new TableColumns(List.of("y"), Optional.empty(), List.of(), Set.of("x"), true, true);
    assertThat(feature(one("i", DataTypes.IntegerType, 7), x)).isEqualTo("7");
    assertThat(feature(one("b", DataTypes.BooleanType, true), x)).isEqualTo("true");
    assertThat(feature(one("f", DataTypes.DoubleType, 0.5), x)).isEqualTo("0.5");
    assertThat(feature(one("n", DataTypes.DoubleType, Double.NaN), x)).isNull();
    assertThat(feature(one("s", DataTypes.StringType, "a, b"), x)).isEqualTo("a, b");
    assertThat(feature(one("d", DataTypes.DateType, Date.valueOf("2020-02-29")), x))
        .isEqualTo("2020-02-29");
    assertThatThrownBy(() -> Tables.read(one("v", SQLDataTypes.VectorType(), Vectors.dense(1)), x))
        .hasMessageMatching(
            "column x of .*/v is of type vector, not a category: leave it out of"
                + " data.categorical");
  }

  @Test
  void missingValuesAreNullWhereTheyAreAllowed() {
    DataSource source = Tables.csv(folder.resolve("a.csv"), "x,c,y\n1,a,2\nNaN,,3\n,b,4\n");
    assertThat(Tables.read(source, Tables.missingAllowed("y", Set.of("c"))).collectAsList())
        .containsExactly(
            RowFactory.create(2.0, 1.0, "a"),
            RowFactory.create(3.0, null, null),
            RowFactory.create(4.0, null, "b"));
    StructType schema =
        new StructType()
            .add("a", DataTypes.DoubleType)
            .add("b", DataTypes.IntegerType)
            .add("y", DataTypes.IntegerType);
    DataSource typed =
        Tables.write(
            "parquet",
            folder.resolve("t"),
            schema,
            RowFactory.create(Double.NaN, null, 1),
            RowFactory.create(null, 5, 2));
    assertThat(Tables.read(typed, Tables.missingAllowed("y", Set.of())).collectAsList())
        .containsExactly(RowFactory.create(1.0, null, null), RowFactory.create(2.0, null, 5.0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Infinity,a,1 | column x holds 'Infinity', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
        "abc,a,1      | column x holds 'abc', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
        "1f,a,1       | column x holds '1f', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
        "1,a,         | column y holds no value, not a finite number: correct the row or leave it out",
        "1,a,NaN      | column y holds 'NaN', not a finite number: correct the row or leave it out",
      })
  void badValuesStayBadWhereMissingOnesAreAllowed(String row, String problem) {
    DataSource source = Tables.csv(folder.resolve("a.csv"), "x,c,y\n1,a,2\n" + row + "\n");
    assertThat(Tables.messageOf(Tables.read(source, Tables.missingAllowed("y", Set.of("c")))))
        .isEqualTo("file:%s/a.csv, line 3: %s", folder, problem);
  }

  @Test
  void aMissingCategoryIsBadWhereNoneIsAllowed() {
    DataSource source = Tables.csv(folder.resolve("a.csv"), "c,y\na,no\n,yes\n");
    Set<String> both = Set.of("c", "y");
    assertThat(
            Tables.messageOf(
                Tables.read(
                    source,
                    new TableColumns(
                        List.of("y"), Optional.empty(), List.of("c"), both, false, false))))
        .isEqualTo(
            "file:%s/a.csv, line 3: column c holds no value, not a category: correct the row, or"
                + " set preprocess.unseen-category = keep",
            folder);
    assertThat(
            Tables.messageOf(
                Tables.read(
                    source,
                    new TableColumns(
                        List.of("c"), Optional.empty(), List.of("y"), both, true, true))))
        .isEqualTo(
            "file:%s/a.csv, line 3: column c holds no value, not a category: correct the row or"
                + " leave it out",
            folder);
  }

  @ParameterizedTest
  @CsvSource({"-1,'-1'", "NaN,'NaN'", "Infinity,'Infinity'", "much,'much'", ","})
  void weightsAreFiniteAndNotNegative(String weight, String held) {
    DataSource source =
        Tables.csv(
            folder.resolve("a.csv"),
            "x,w,y\n1,0,2\n3,0.5,4\n1," + (weight == null ? "" : weight) + ",1\n");
    TableColumns columns =
        new TableColumns(List.of("y"), Optional.of("w"), List.of(), Set.of(), false, false);
    assertThat(Tables.read(source, columns).columns()).containsExactly("y", "w", "x");
    assertThat(Tables.read(source, columns).takeAsList(2))
        .containsExactly(RowFactory.create(2.0, 0.0, 1.0), RowFactory.create(4.0, 0.5, 3.0));
    assertThat(Tables.messageOf(Tables.read(source, columns)))
        .isEqualTo(
            "file:%s/a.csv, line 4: column w holds %s, not a weight, finite and at least 0:"
                + " correct the row or leave it out",
            folder, held == null ? "no value" : "'" + held + "'");
  }

  @Test
  void severalLabelsComeFirst() {
    DataSource source = Tables.csv(folder.resolve("a.csv"), "x,y,z\n1,2,3\n");
    TableColumns two =
        new TableColumns(List.of("z", "x"), Optional.empty(), List.of(), Set.of(), false, false);
    assertThat(Tables.read(source, two).head()).isEqualTo(RowFactory.create(3.0, 1.0, 2.0));
    TableColumns none =
        new TableColumns(List.of(), Optional.empty(), List.of("y"), Set.of(), false, false);
    assertThat(Tables.read(source, none).head()).isEqualTo(RowFactory.create(2.0));
  }

  @Test
  void arraysMustHoldFiniteNumbers() {
    DataType arrays = DataTypes.createArrayType(DataTypes.DoubleType);
    for (Double bad : Arrays.asList(null, Double.NaN, Double.POSITIVE_INFINITY)) {
      DataSource source = one("a" + bad, arrays, new Double[] {1.0, bad});
      assertThat(Tables.messageOf(Tables.read(source, Tables.missingAllowed("y", Set.of()))))
          .endsWith(
              "column x holds '[1.0, %s]', not an array of finite numbers: correct the row, or leave the column out of data.features"
                  .formatted(bad));
    }
    assertThat(Tables.messageOf(Tables.read(one("null", arrays, null), Sources.columns("y"))))
        .contains("column x holds no value, not an array of finite numbers");
  }

  @Test
  void columnsOfTwoUsesAreRefused() {
    DataSource source = Tables.csv(folder.resolve("a.csv"), "x,y,z\n1,2,3\n");
    record Case(List<String> labels, String weight, List<String> features, String message) {}
    for (Case wrong :
        List.of(
            new Case(List.of("y", "y"), "z", List.of("x"), "is named twice among the labels"),
            new Case(List.of("y"), "y", List.of("x"), "is the label and the weight: name another"),
            new Case(
                List.of("x"),
                "y",
                List.of("y"),
                "is the weight and a feature: leave it out of the features"))) {
      TableColumns columns =
          new TableColumns(
              wrong.labels, Optional.of(wrong.weight), wrong.features, Set.of(), false, false);
      assertThatThrownBy(() -> Tables.read(source, columns))
          .isInstanceOfSatisfying(
              ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
          .hasMessage("column y of %s/a.csv %s", folder, wrong.message);
    }
    TableColumns weightAsCategory =
        new TableColumns(List.of("y"), Optional.of("z"), List.of(), Set.of("z"), false, false);
    assertThatThrownBy(() -> Tables.read(source, weightAsCategory))
        .hasMessage(
            "data.categorical names column z of %s/a.csv, which is neither a label nor a feature",
            folder);
  }

  @Test
  void allColumnsThatAreMissingOrUnusableAreNamed() {
    DataSource source = Tables.csv(folder.resolve("a.csv"), "x,y\n1,2\n");
    TableColumns columns =
        new TableColumns(
            List.of("l"), Optional.of("w"), List.of("x", "f"), Set.of("f", "g"), false, false);
    assertThatThrownBy(() -> Tables.read(source, columns))
        .hasMessage("%s/a.csv has no columns l, w, f, g; it has x, y", folder);
    DataSource typed =
        Tables.write(
            "parquet",
            folder.resolve("t"),
            new StructType()
                .add("a", DataTypes.StringType)
                .add("b", DataTypes.BinaryType)
                .add("c", DataTypes.StringType),
            RowFactory.create("1", new byte[1], "2"));
    assertThatThrownBy(() -> Tables.read(typed, Sources.columns("c")))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(
            "column c of %1$s is of type string, not numeric: name it in data.categorical; column"
                + " a of %1$s is of type string, not numeric: name it in data.categorical, or leave"
                + " it out of data.features; column b of %1$s is of type binary, not numeric: leave"
                + " it out of data.features",
            folder.resolve("t"));
  }

  @Test
  void rowsOfTwoSourcesMustHaveTheSameColumns() {
    Dataset<Row> first =
        Tables.read(
            Tables.csv(folder.resolve("1.csv"), "a,b,c,d,y\n1,2,3,4,5\n"), Sources.columns("y"));
    Dataset<Row> other =
        Tables.read(
            Tables.csv(folder.resolve("2.csv"), "y,b,e\n1,x,3\n"),
            new TableColumns(List.of("y"), Optional.empty(), List.of(), Set.of("b"), false, false));
    DataReader.requireSameColumns(first, "one", first, "one");
    assertThatThrownBy(() -> DataReader.requireSameColumns(first, "data.train", other, "data.test"))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(
            "data.test does not have the columns of data.train: it lacks a, c, d; b is text, not a"
                + " number");
  }
}
