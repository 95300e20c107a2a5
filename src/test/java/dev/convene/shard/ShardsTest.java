package dev.convene.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.nn.RowBuffer;
import dev.convene.testkit.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
class ShardsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("features", SQLDataTypes.VectorType())
          .add("target", DataTypes.DoubleType);

  private static final StructType WEIGHTED = SCHEMA.add("weight", DataTypes.DoubleType);

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void areTheSameHoweverSparkHasSplitAndOrderedTheRows(int count) {
    List<Row> rows = rowsWithDuplicates(1000);
    List<byte[]> expected = bytesByShard(rows, 1, count, 7);
    for (int partitions : new int[] {2, 4, 7}) {
      assertThat(bytesByShard(rows, partitions, count, 7)).containsExactlyElementsOf(expected);
    }
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(count));
    assertThat(bytesByShard(shuffled, 4, count, 7)).containsExactlyElementsOf(expected);
    assertThat(bytesByShard(rows, 1, count, 8)).isNotEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"97, 1", "97, 2", "97, 5", "96, 4", "3, 5", "1, 1", "1, 4", "0, 2"})
  void holdEveryRowOnceInSizesThatDifferByOneAtMost(int rowCount, int count) {
    List<Row> rows = rowsWithDuplicates(rowCount);
    try (Shards shards = Shards.of(frame(rows, 3), count, 7)) {
      List<Shard> collected = collect(shards);

      assertThat(shards.rows()).isEqualTo(rowCount);
      assertThat(collected).hasSize(count);
      List<Integer> sizes = collected.stream().map(Shard::rows).toList();
      assertThat(sizes).isEqualTo(shards.rowsByShard());
      assertThat(sizes)
          .allMatch(size -> size == rowCount / count || size == (rowCount + count - 1) / count);
      assertThat(collected.stream().flatMap(shard -> contents(shard, 3).stream()))
          .containsExactlyInAnyOrderElementsOf(rows.stream().map(ShardsTest::content).toList());
    }
  }

  @Test
  void ofManyWorkersAreDealtByFewTasks() {
    try (Shards shards = Shards.of(frame(rowsWithDuplicates(600), 3), 600, 7)) {
      Matcher shuffles =
          Pattern.compile("\\+-\\((\\d+)\\)").matcher(shards.blocks().toDebugString());

      assertThat(shards.rowsByShard()).hasSize(600).containsOnly(1);
      // Of the rows' three partitions, four ranges for each of the two tasks that run side by side.
      assertThat(shuffles.results().map(found -> found.group(1))).containsExactly("8", "3");
      assertThat(shards.blocks().getNumPartitions()).isEqualTo(600);
    }
  }

  @Test
  void mixTheRows() {
    List<Row> ascending = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      ascending.add(row(i, i));
    }
    try (Shards shards = Shards.of(frame(ascending, 2), 2, 7)) {
      List<Shard> collected = collect(shards);
      for (Shard shard : collected) {
        double[] targets =
            contents(shard, 1).stream().mapToDouble(content -> content.get(1)).toArray();
        // The mean of 500 of 0..999, five standard deviations of such a draw.
        assertThat(Arrays.stream(targets).average().orElseThrow())
            .isBetween(499.5 - 46, 499.5 + 46);
        assertThat(targets).isNotEqualTo(Arrays.stream(targets).sorted().toArray());
      }
    }
  }

  @Test
  void takeSparseVectorsAsTheirNumbers() {
    List<Row> dense = List.of(row(3, 0, 1.5, 0, 2), row(1, 4, 0, 0, 0));
    List<Row> sparse = dense.stream().map(ShardsTest::sparse).toList();

    assertThat(bytesByShard(sparse, 2, 1, 7))
        .containsExactlyElementsOf(bytesByShard(dense, 2, 1, 7));
  }

  /** Of few numbers among many, of one, of none, and of no zero at all. */
  @Test
  void takeWideSparseVectorsAsTheirNumbers() {
    int features = 3000;
    List<Row> dense = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      double[] numbers = new double[features];
      for (int k = 0; k < i % 4; k++) {
        numbers[(i * 7919 + k * 201) % features] = i - 20.5;
      }
      if (i % 10 == 0) {
        Arrays.fill(numbers, i + 1);
      }
      dense.add(row(i % 3, numbers));
    }
    List<byte[]> expected = bytesByShard(dense, 1, 3, 7);
    List<Row> mixed = new ArrayList<>(dense);
    mixed.replaceAll(row -> row.getDouble(1) > 0 ? sparse(row) : row);

    assertThat(bytesByShard(dense.stream().map(ShardsTest::sparse).toList(), 4, 3, 7))
        .containsExactlyElementsOf(expected);
    assertThat(bytesByShard(mixed, 2, 3, 7)).containsExactlyElementsOf(expected);
    try (Shards shards = Shards.of(frame(mixed, 2), 2, 7)) {
      assertThat(collect(shards).stream().flatMap(shard -> contents(shard, features).stream()))
          .containsExactlyInAnyOrderElementsOf(dense.stream().map(ShardsTest::content).toList());
    }
  }

  @Test
  void carryWeightsAndSeveralTargets() {
    StructType schema =
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("targets", SQLDataTypes.VectorType())
            .add("weight", DataTypes.IntegerType);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 97; i++) {
      rows.add(
          RowFactory.create(
              Vectors.dense(i, 0, 1), Vectors.dense(i + 1, i / 2.0, 0).toSparse(), i % 5));
    }
    try (Shards shards = Shards.of(frame(rows, 3, schema), 2, 7)) {
      assertThat(shards.features()).isEqualTo(3);
      assertThat(shards.targetsPerRow()).isEqualTo(3);
      List<Float> found = new ArrayList<>();
      for (Shard shard : collect(shards)) {
        RowBuffer buffer = RowBuffer.of(shard.rows(), 3, 3);
        RowOrder.unshuffled(shard).copy(0, shard.rows(), buffer);
        for (int row = 0; row < shard.rows(); row++) {
          float i = buffer.x()[3 * row];
          found.add(i);
          assertThat(Arrays.copyOfRange(buffer.targets(), 3 * row, 3 * row + 3))
              .containsExactly(i + 1, i / 2, 0);
          assertThat(buffer.weights()[row]).isEqualTo(i % 5);
        }
      }
      assertThat(found).hasSize(97).doesNotHaveDuplicates();
    }
  }

  @Test
  void areTheSameWithWeightsOfOneAsWithoutAndInTheSameOrderWithAnyEqualOnes() {
    List<Row> rows = rowsWithDuplicates(200);
    List<byte[]> unweighted = bytesByShard(rows, 2, 3, 7);
    try (Shards ones = Shards.of(frame(weighted(rows, 1.0), 3, WEIGHTED), 3, 7);
        Shards halves = Shards.of(frame(weighted(rows, 0.5), 4, WEIGHTED), 3, 7);
        Shards without = Shards.of(frame(rows, 2), 3, 7)) {
      assertThat(bytesByShard(ones)).containsExactlyElementsOf(unweighted);
      List<Shard> expected = collect(without);
      List<Shard> found = collect(halves);
      for (int i = 0; i < 3; i++) {
        assertThat(contents(found.get(i), 3)).isEqualTo(contents(expected.get(i), 3));
        assertThat(RowOrder.unshuffled(found.get(i)).weight(0, found.get(i).rows()))
            .isEqualTo(found.get(i).rows() / 2.0);
      }
    }
  }

  /** Models depend on these orders: another hash or deal would change every trained bit. */
  @Test
  void dealAsTheyEverDid() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      rows.add(row(i, i / 2.0, 0, 3));
    }
    try (Shards shards = Shards.of(frame(rows, 2), 3, 7)) {
      assertThat(
              collect(shards).stream()
                  .map(shard -> contents(shard, 3).stream().map(row -> row.get(3).intValue()))
                  .map(targets -> targets.toList()))
          .containsExactly(List.of(8, 3, 9, 0), List.of(6, 10, 5, 4), List.of(7, 2, 1, 11));
    }
  }

  @Test
  void areSplitIntoFullBlocks() {
    int features = 100_000;
    int capacity = Block.capacity(features, 1);
    assertThat(capacity).isEqualTo(41);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 2 * capacity + 1; i++) {
      rows.add(
          RowFactory.create(Vectors.sparse(features, new int[] {i}, new double[] {1}), (double) i));
    }
    try (Shards shards = Shards.of(frame(rows, 2), 1, 7)) {
      assertThat(shards.blocks().map(Block::rows).collect()).containsExactly(41, 41, 1);
    }
  }

  @Test
  void refuseWhatFloat32CannotHold() {
    assertRefused(
        row(1, 0, Double.NaN),
        "the feature 1 of a row is NaN: training needs numbers within float32's range; fill or"
            + " drop such rows");
    assertRefused(
        row(1, Double.NEGATIVE_INFINITY, 0),
        "the feature 0 of a row is -Infinity: training needs numbers within float32's range; fill"
            + " or drop such rows");
    assertRefused(
        row(1, 0, 1e39),
        "the feature 1 of a row is 1.0E39: training needs numbers within float32's range; fill or"
            + " drop such rows");
    assertRefused(
        row(Double.NaN, 0, 0),
        "the target of a row is NaN: training needs numbers within float32's range; fill or drop"
            + " such rows");
  }

  @Test
  void refuseWeightsThatAreNone() {
    for (double weight : new double[] {-0.5, Double.NaN, Double.POSITIVE_INFINITY, 1e39}) {
      assertRefused(
          frame(weighted(List.of(row(1, 0, 0)), weight), 1, WEIGHTED),
          "the weight of a row is "
              + weight
              + ": weights must be numbers of at least 0, within float32's range");
    }
  }

  @Test
  void refuseRowsThatLackSomething() {
    Row noTarget = RowFactory.create(Vectors.dense(1), null);
    assertRefused(
        frame(List.of(noTarget), 1),
        "a training row lacks its features or its label: drop such rows");
    assertRefused(
        frame(weighted(List.of(row(1, 0, 0)), null), 1, WEIGHTED),
        "a training row lacks its features, its label or its weight: drop such rows");
  }

  @Test
  void refuseTargetVectorsOfDifferentSizes() {
    StructType schema =
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("targets", SQLDataTypes.VectorType());
    List<Row> rows =
        List.of(
            RowFactory.create(Vectors.dense(1), Vectors.dense(1, 2)),
            RowFactory.create(Vectors.dense(2), Vectors.dense(1, 2, 3)));
    for (int shards : new int[] {1, 2}) {
      assertRefused(
          () -> Shards.of(frame(rows, 1, schema), shards, 7),
          "rows have target vectors of 2 and of 3 numbers: all rows need the same targets");
    }
  }

  @Test
  void refuseVectorsOfDifferentSizes() {
    assertRefused(
        row(1, 0, 0, 0),
        "rows have feature vectors of 2 and of 3 numbers: all rows need the same features");
  }

  @Test
  void comeBackTheSameWhenTheirBlocksAreLost() {
    try (Shards shards = Shards.of(frame(rowsWithDuplicates(200), 4), 3, 7)) {
      List<byte[]> before = bytesByShard(shards);
      shards.blocks().unpersist(true);

      assertThat(bytesByShard(shards)).containsExactlyElementsOf(before);
    }
  }

  @Test
  void areFreedWhenClosed() {
    Shards shards = Shards.of(frame(rowsWithDuplicates(10), 1), 2, 7);
    int id = shards.blocks().id();
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    assertThat(spark.getPersistentRDDs()).containsKey(id);

    shards.close();

    assertThat(spark.getPersistentRDDs()).doesNotContainKey(id);
  }

  private static void assertRefused(Row row, String message) {
    assertRefused(frame(List.of(row(1, 0, 0), row, row(1, 0, 0)), 2), message);
  }

  private static void assertRefused(Dataset<Row> rows, String message) {
    assertRefused(() -> Shards.of(rows, 1, 7), message);
  }

  private static void assertRefused(ThrowingCallable shards, String message) {
    assertThatThrownBy(shards)
        .satisfies(
            failure ->
                assertThat(causes(failure))
                    .filteredOn(cause -> cause instanceof ConveneException)
                    .singleElement()
                    .satisfies(
                        cause -> {
                          assertThat(cause).hasMessage(message);
                          assertThat(((ConveneException) cause).status())
                              .isEqualTo(ExitStatus.DATA);
                        }));
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }

  /** Every tenth row is one of a few; some differ in the sign of a zero alone. */
  private static List<Row> rowsWithDuplicates(int count) {
    Random random = new Random(count);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          i % 10 == 0
              ? row(i % 20 < 10 ? 0 : 1, 1, i % 40 < 20 ? 0.0 : -0.0, 2)
              : row(i % 3, random.nextGaussian(), random.nextInt(5), random.nextGaussian()));
    }
    return rows;
  }

  private static Row row(double target, double... features) {
    return RowFactory.create(Vectors.dense(features), target);
  }

  private static Row sparse(Row row) {
    return RowFactory.create(((Vector) row.get(0)).toSparse(), row.get(1));
  }

  private static List<Row> weighted(List<Row> rows, Double weight) {
    return rows.stream().map(row -> RowFactory.create(row.get(0), row.get(1), weight)).toList();
  }

  private static Dataset<Row> frame(List<Row> rows, int partitions) {
    return frame(rows, partitions, SCHEMA);
  }

  private static Dataset<Row> frame(List<Row> rows, int partitions, StructType schema) {
    SparkSession session = LocalSpark.session();
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    return session.createDataFrame(spark.parallelize(rows, partitions), schema);
  }

  private static List<Shard> collect(Shards shards) {
    return shards.blocks().glom().collect().stream().map(Shard::new).toList();
  }

  private static List<byte[]> bytesByShard(List<Row> rows, int partitions, int count, long seed) {
    try (Shards shards = Shards.of(frame(rows, partitions), count, seed)) {
      return bytesByShard(shards);
    }
  }

  private static List<byte[]> bytesByShard(Shards shards) {
    return collect(shards).stream().map(shard -> serialize(shard.blocks())).toList();
  }

  private static byte[] serialize(List<Block> blocks) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      for (Block block : blocks) {
        out.writeObject(block);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return bytes.toByteArray();
  }

  /** The features and the target. Float.equals tells -0 from 0. */
  private static List<Float> content(Row row) {
    List<Float> content = new ArrayList<>();
    for (double feature : ((Vector) row.get(0)).toArray()) {
      content.add((float) feature);
    }
    content.add((float) row.getDouble(1));
    return content;
  }

  private static List<List<Float>> contents(Shard shard, int features) {
    List<List<Float>> contents = new ArrayList<>();
    RowOrder order = RowOrder.unshuffled(shard);
    for (int i = 0; i < shard.rows(); i++) {
      RowBuffer row = RowBuffer.of(1, features, 1);
      order.copy(i, 1, row);
      List<Float> content = new ArrayList<>();
      for (float feature : row.x()) {
        content.add(feature);
      }
      content.add(row.targets()[0]);
      contents.add(content);
    }
    return contents;
  }
}
