package dev.convene.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.data.image.ImageFiles;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class ImageFoldersTest {
  private static final TableColumns LABELLED =
      new TableColumns(
          List.of("label"), Optional.empty(), List.of(), Set.of("label"), false, false);

  @TempDir Path folder;

  @BeforeEach
  void images() throws IOException {
    ImageFiles.write(ImageFiles.plain(4, 4, 0xFF0000), folder.resolve("photos/a cat/1.png"));
    ImageFiles.write(ImageFiles.plain(9, 3, 0x00FF00), folder.resolve("photos/a cat/%20é.bmp"));
    ImageFiles.write(ImageFiles.plain(1, 1, 0x0000FF), folder.resolve("photos/dog/old/3.gif"));
    Files.write(folder.resolve("photos/dog/.hidden"), new byte[] {1});
  }

  private DataSource source(String... options) {
    DataSource source = Sources.of("image", folder.resolve("photos").toString());
    return Sources.withOptions(
        source,
        options.length > 0 ? Map.of(options[0], options[1]) : Map.of("width", "2", "height", "1"));
  }

  private static Dataset<Row> read(DataSource source) {
    return PackedFeatures.unpack(
        new DataReader(LocalSpark.session(), "unused").read(source, LABELLED));
  }

  @Test
  void aRowForEachFileLabelledByItsFolder() {
    Dataset<Row> rows = read(source());
    assertThat(rows.columns()).containsExactly("label", "features");
    assertThat(AttributeGroup.fromStructField(rows.schema().apply("features")).size()).isEqualTo(6);
    List<String> read =
        rows.collectAsList().stream()
            .map(row -> row.getString(0) + " " + row.<DenseVector>getAs(1))
            .toList();
    assertThat(read)
        .containsExactlyInAnyOrder(
            "a cat [255.0,255.0,0.0,0.0,0.0,0.0]",
            "a cat [0.0,0.0,255.0,255.0,0.0,0.0]",
            "old [0.0,0.0,0.0,0.0,255.0,255.0]");
  }

  @Test
  void pathsAreColumnsToo() {
    DataSource source =
        Sources.withDerived(
            source(), Map.of("label", "element_at(split(path, '/'), -2) = 'a cat'"));
    List<Row> rows = read(source).select("label").collectAsList();
    assertThat(rows.stream().map(row -> row.getString(0)))
        .containsExactlyInAnyOrder("true", "true", "false");
    List<String> paths =
        new DataReader(LocalSpark.session(), "unused")
            .readMarked(source(), Sources.columns("label").withFeatures(List.of("features")))
            .select(DataReader.SOURCE + ".path")
            .as(Encoders.STRING())
            .collectAsList();
    assertThat(paths)
        .containsExactlyInAnyOrder(
            "file:" + folder + "/photos/a cat/1.png",
            "file:" + folder + "/photos/a cat/%20é.bmp",
            "file:" + folder + "/photos/dog/old/3.gif");
  }

  @Test
  void globsAndSeveralPathsKeepLabels() {
    DataSource one = source();
    DataSource several =
        Sources.at(
            one, List.of(folder.resolve("photos/a*").toString(), folder + "/photos/dog/old"));
    assertThat(read(several).select("label").distinct().as(Encoders.STRING()).collectAsList())
        .containsExactlyInAnyOrder("a cat", "old");
  }

  @Test
  void filesAreReadOnlyWhereTheirPixelsAreNeeded() throws IOException {
    Files.write(folder.resolve("photos/dog/old/bad.png"), new byte[] {1, 2, 3});
    Dataset<Row> labels = read(source()).select("label");
    assertThat(labels.distinct().count()).isEqualTo(2);
    assertThat(labels.queryExecution().executedPlan().toString())
        .contains("path#")
        .doesNotContain("content#")
        .doesNotContain("UDF(content");
  }

  @Test
  void whatIsDerivedFromPixelsIsCheckedAsVectorsAre() throws IOException {
    Files.write(folder.resolve("photos/dog/old/bad.png"), new byte[] {1, 2, 3});
    DataSource source =
        Sources.withDerived(source(), Map.of("copy", "CASE WHEN label = 'old' THEN features END"));
    List<String> problems =
        new DataReader(LocalSpark.session(), "unused")
            .readMarked(source, LABELLED.withFeatures(List.of("copy")))
            .select(DataReader.PROBLEM)
            .filter(DataReader.PROBLEM + " IS NOT NULL")
            .as(Encoders.STRING())
            .collectAsList();
    String photos = "file:" + folder + "/photos/";
    assertThat(problems)
        .containsExactlyInAnyOrder(
            photos + "a cat/1.png: column copy holds no value, not a vector",
            photos + "a cat/%20é.bmp: column copy holds no value, not a vector",
            photos + "dog/old/bad.png: the file is no image (PNG, JPEG, GIF or BMP)");
  }

  @Test
  void anImageIsDecodedOnceARow() {
    Dataset<Row> rows =
        PackedFeatures.unpack(
                new DataReader(LocalSpark.session(), "unused")
                    .readMarked(source(), LABELLED.withFeatures(List.of("features"))))
            .filter(DataReader.PROBLEM + " IS NULL")
            .select(DataReader.SOURCE + ".*", "features");
    assertThat(rows.queryExecution().executedPlan().toString().split("UDF\\(content", -1))
        .hasSize(2);
    assertThat(rows.count()).isEqualTo(3);
  }
}
