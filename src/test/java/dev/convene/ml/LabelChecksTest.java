package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.data.ColumnNames;
import dev.convene.testkit.LocalSpark;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("spark")
class LabelChecksTest {
  private static Dataset<Row> labels(Double... values) {
    return LocalSpark.session()
        .createDataset(Arrays.asList(values), Encoders.DOUBLE())
        .toDF("a.label");
  }

  private static int count(Double... values) {
    return LabelChecks.countClasses(labels(values), "a.label", "data.train");
  }

  private static void requireTen(Double... values) {
    LabelChecks.requireWithin(labels(values), "a.label", 10, "data.test");
  }

  @Test
  void classesAreTheLargestLabelAndOne() {
    assertThat(count(0.0, 2.0, 1.0)).isEqualTo(3);
    assertThat(count(5.0, 0.0)).isEqualTo(6);
    assertThat(count(1.0, 0.0, 0.0)).isEqualTo(2);
  }

  @Test
  void labelsThatAreNoClassIndexAreNamed() {
    assertThatThrownBy(() -> count(1.0, 2.5, 3.5))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(
            "label 2.5 in data.train, column a.label: class labels are whole numbers from 0; take its"
                + " values as categories (data.categorical, or a StringIndexer)");
    assertThatThrownBy(() -> count(1.0, -1.0))
        .hasMessage(
            "label -1 in data.train, column a.label: class labels are whole numbers from 0; take its"
                + " values as categories (data.categorical, or a StringIndexer)");
    assertThatThrownBy(() -> count(1.0, 3e9))
        .hasMessage(
            "label 3000000000 in data.train, column a.label: class labels are whole numbers from 0; take its"
                + " values as categories (data.categorical, or a StringIndexer)");
    assertThatThrownBy(() -> count()).hasMessage("data.train has no rows");
  }

  @Test
  void oneClassIsTooFew() {
    assertThatThrownBy(() -> count(3.0, 3.0))
        .isInstanceOf(ConveneException.class)
        .hasMessage("the labels in data.train are all 3: classification needs two classes");
  }

  @Test
  void labelsOutsideAModelsClassesAreNamed() {
    assertThatCode(() -> requireTen(0.0, 9.0)).doesNotThrowAnyException();
    assertThatThrownBy(() -> requireTen(0.0, 12.0, 10.0))
        .isInstanceOf(ConveneException.class)
        .hasMessage("label 10 in data.test is outside the model's 10 classes 0..9");
    assertThatThrownBy(() -> requireTen(0.5))
        .hasMessage("label 0.5 in data.test is outside the model's 10 classes 0..9");
  }

  @Test
  void labelsAreCheckedInThePassThatReadsThem() {
    assertThat(readWithinTen(0.0, null, 9.0)).containsExactly(0.0, null, 9.0);
    assertThatThrownBy(() -> readWithinTen(0.0, null, 12.0))
        .hasRootCauseInstanceOf(ConveneException.class)
        .hasRootCauseMessage("label 12 in data.test is outside the model's 10 classes 0..9");
    assertThatThrownBy(() -> readWithinTen(Double.NaN))
        .hasRootCauseMessage("label NaN in data.test is outside the model's 10 classes 0..9");
  }

  private static List<Double> readWithinTen(Double... values) {
    Column label = ColumnNames.column("a.label");
    return labels(values)
        .select(LabelChecks.within(label, 10, "data.test"))
        .as(Encoders.DOUBLE())
        .collectAsList();
  }
}
