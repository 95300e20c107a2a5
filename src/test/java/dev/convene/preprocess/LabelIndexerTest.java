package dev.convene.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.testkit.LocalSpark;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("spark")
class LabelIndexerTest {
  @Test
  void namesAreIndexedInAscendingOrderAndComeBack() {
    Dataset<Row> rows = labels(DataTypes.StringType, ">50K", "<=50K", ">50K", ">50K");

    StringIndexerModel index = LabelIndexer.fit(rows, "income");

    assertThat(LabelIndexer.names(index)).containsExactly("<=50K", ">50K");
    Dataset<Row> indexed = index.transform(rows);
    assertThat(column(indexed, LabelIndexer.INDEXED)).containsExactly(1.0, 0.0, 1.0, 1.0);
    assertThat(
            column(
                LabelIndexer.toNames(index, LabelIndexer.INDEXED).transform(indexed),
                LabelIndexer.PREDICTED))
        .containsExactly(">50K", "<=50K", ">50K", ">50K");
  }

  @Test
  void numbersAreIndexedBySize() {
    assertThat(
            LabelIndexer.names(
                LabelIndexer.fit(labels(DataTypes.IntegerType, 10, 9, -1, 10), "income")))
        .containsExactly("-1", "9", "10");
    assertThat(
            LabelIndexer.names(
                LabelIndexer.fit(labels(DataTypes.DoubleType, 1e10, 2.0, 0.5), "income")))
        .containsExactly("0.5", "2.0", "1.0E10");
  }

  @Test
  void unseenAndMissingLabelsComeAfterTheLastClass() {
    StringIndexerModel index =
        LabelIndexer.fit(labels(DataTypes.StringType, "no", "yes"), "income");
    assertThat(
            column(
                index.transform(labels(DataTypes.StringType, "maybe", null, "yes")),
                LabelIndexer.INDEXED))
        .containsExactly(2.0, 2.0, 1.0);
    Dataset<Row> unlabelled = labels(DataTypes.StringType, "x").withColumnRenamed("income", "age");
    assertThat(index.transform(unlabelled).columns()).containsExactly("age");
  }

  @Test
  void rowsWithoutALabelAreRefusedInTraining() {
    assertThatThrownBy(
            () -> LabelIndexer.fit(labels(DataTypes.StringType, "no", null, "yes"), "income"))
        .isInstanceOf(ConveneException.class)
        .hasMessage("the label income is missing in 1 of 3 training rows: clean these rows");
  }

  private static Dataset<Row> labels(DataType type, Object... labels) {
    return LocalSpark.session()
        .createDataFrame(
            Arrays.stream(labels).map(label -> RowFactory.create(new Object[] {label})).toList(),
            new StructType().add("income", type));
  }

  private static List<Object> column(Dataset<Row> rows, String column) {
    return rows.select(column).collectAsList().stream().map(row -> row.get(0)).toList();
  }
}
