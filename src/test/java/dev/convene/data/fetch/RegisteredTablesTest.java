package dev.convene.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.data.DataReader;
import dev.convene.data.PackedFeatures;
import dev.convene.data.Sources;
import dev.convene.data.TableColumns;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class RegisteredTablesTest {
  private static final TableColumns IRIS =
      new TableColumns(
          List.of("species"), Optional.empty(), List.of(), Set.of("species"), false, false);

  @TempDir Path temp;

  private Dataset<Row> iris() {
    return PackedFeatures.unpack(
        new DataReader(LocalSpark.session(), temp.toString())
            .read(Sources.withOptions(Sources.of("csv", "iris"), Map.of("header", "true")), IRIS));
  }

  /** The means of R's datasets::iris, whose rows 35 and 38 are as Fisher has them. */
  @Test
  void irisComesWithConvene() {
    Dataset<Row> rows = iris();
    assertThat(rows.columns())
        .containsExactly("species", "sepal_length", "sepal_width", "petal_length", "petal_width");
    Row means =
        rows.selectExpr(
                "avg(sepal_length)", "avg(sepal_width)", "avg(petal_length)", "avg(petal_width)")
            .head();
    double[] expected = {5.843333, 3.057333, 3.758, 1.199333};
    for (int i = 0; i < expected.length; i++) {
      assertThat(means.getDouble(i)).isCloseTo(expected[i], within(1e-6));
    }
    assertThat(rows.groupBy("species").count().orderBy("species").collectAsList())
        .containsExactly(
            RowFactory.create("setosa", 50L),
            RowFactory.create("versicolor", 50L),
            RowFactory.create("virginica", 50L));
    List<Row> inOrder = rows.collectAsList();
    assertThat(inOrder.get(34)).isEqualTo(RowFactory.create("setosa", 4.9, 3.1, 1.5, 0.2));
    assertThat(inOrder.get(37)).isEqualTo(RowFactory.create("setosa", 4.9, 3.6, 1.4, 0.1));
  }

  @Test
  void anotherFileInTheCacheIsRefused() throws IOException {
    Path file = temp.resolve("iris/all/iris.csv");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "sepal_length\n1\n");
    assertThatThrownBy(this::iris)
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessageMatching(
            "file:.*/iris/all/iris.csv is not the file of the data set iris: wrong checksum:"
                + " SHA-256 [0-9a-f]{64} instead of 9cc1c345c71bcc9b486b74cbf6063fa66f4bb5e0f603a4b3c3471ec2e5e8e355;"
                + " replace it, or delete it to have it fetched");
    Files.delete(file);
    assertThat(iris().count()).isEqualTo(150);
  }

  @Test
  void adultIsFetchedOrPlacedByHand() {
    RegisteredDataSet adult = RegisteredDataSets.named("adult");
    assertThat(adult.sources().toString())
        .isEqualTo("[https://archive.ics.uci.edu/ml/machine-learning-databases/adult/]");
    RegisteredDataSet unreachable =
        new RegisteredDataSet(
            adult.name(),
            adult.credit(),
            adult.format(),
            0,
            adult.splits(),
            List.of(new InstalledFiles(temp.resolve("nowhere"))));
    assertThatThrownBy(
            () -> new DataSetFetcher(temp.toString(), new Configuration()).fetch(unreachable))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.UNAVAILABLE))
        .hasMessage(
            String.join(
                "\n",
                "the data set adult could not be fetched. Tried:",
                "  " + temp + "/nowhere: not installed",
                "To place it by hand, put these files there, as they are or with .gz:",
                "  file:"
                    + temp
                    + "/adult/train/adult.data (sha256 of the uncompressed file"
                    + " 5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d)",
                "  file:"
                    + temp
                    + "/adult/test/adult.test (sha256 of the uncompressed file"
                    + " a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05)"));
  }
}
