package dev.convene.data;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("spark")
class RowSplitTest {
  private static final StructType SCHEMA =
      new StructType().add("class", DataTypes.StringType).add("x", DataTypes.LongType);

  /** 600 rows of class a, 61 of b, 7 of c, 1 of d. */
  private static Dataset<Row> rows(int partitions) {
    List<Row> rows = new ArrayList<>();
    Map.of("a", 600, "b", 61, "c", 7, "d", 1)
        .forEach(
            (name, count) ->
                IntStream.range(0, count)
                    .forEach(i -> rows.add(RowFactory.create(name, (long) i))));
    return LocalSpark.session().createDataFrame(rows, SCHEMA).repartition(partitions);
  }

  private static Set<Row> chosen(Dataset<Row> rows, Column split) {
    return Set.copyOf(rows.filter(split).collectAsList());
  }

  private static Map<String, Long> classes(Set<Row> rows) {
    return rows.stream().collect(Collectors.groupingBy(r -> r.getString(0), Collectors.counting()));
  }

  @Test
  void stratifiedSplitsTakeTheShareOfEveryClass() {
    for (long seed = 1; seed <= 3; seed++) {
      Dataset<Row> rows = rows(1);
      Set<Row> chosen = chosen(rows, RowSplit.TEST.stratified(rows, "class", 0.3, seed));
      // round(0.3 x 600), round(18.3), round(2.1), round(0.3)
      assertThat(classes(chosen)).isEqualTo(Map.of("a", 180L, "b", 18L, "c", 2L));
    }
    Dataset<Row> rows = rows(1);
    assertThat(chosen(rows, RowSplit.TEST.stratified(rows, "class", 0.0, 1))).isEmpty();
  }

  @Test
  void splitsDoNotDependOnPartitionsButOnSeedAndPurpose() {
    Dataset<Row> one = rows(1);
    Dataset<Row> seven = rows(7);
    Set<Row> first = chosen(one, RowSplit.TEST.stratified(one, "class", 0.3, 1));
    assertThat(chosen(seven, RowSplit.TEST.stratified(seven, "class", 0.3, 1))).isEqualTo(first);
    assertThat(chosen(one, RowSplit.TEST.stratified(one, "class", 0.3, 2))).isNotEqualTo(first);
    assertThat(chosen(one, RowSplit.VALIDATION.stratified(one, "class", 0.3, 1)))
        .isNotEqualTo(first);
    Set<Row> plain = chosen(one, RowSplit.TEST.of(one, 0.3, 1));
    assertThat(chosen(seven, RowSplit.TEST.of(seven, 0.3, 1))).isEqualTo(plain);
    assertThat(chosen(one, RowSplit.VALIDATION.of(one, 0.3, 1))).isNotEqualTo(plain);
    // 669 rows: a binomial deviation of 12 rows; six of them are allowed.
    assertThat(plain.size()).isBetween(200 - 72, 200 + 72);
  }

  @Test
  void thousandsOfClassesAreSplitInOneFunction() {
    Dataset<Row> rows =
        LocalSpark.session()
            .range(12_000)
            .selectExpr("concat('class', id % 3000) AS class", "id AS x");
    Set<Row> chosen = chosen(rows, RowSplit.TEST.stratified(rows, "class", 0.25, 1));
    assertThat(classes(chosen)).hasSize(3000).allSatisfy((name, n) -> assertThat(n).isEqualTo(1));
  }

  @Test
  void everyClassKeepsARow() {
    // Of a: 1 row; of b: 2; of c: 3 that are equal; of d: 2 and 2 that are equal.
    List<Row> all =
        List.of(
            RowFactory.create("a", 1L),
            RowFactory.create("b", 1L),
            RowFactory.create("b", 2L),
            RowFactory.create("c", 1L),
            RowFactory.create("c", 1L),
            RowFactory.create("c", 1L),
            RowFactory.create("d", 1L),
            RowFactory.create("d", 1L),
            RowFactory.create("d", 2L),
            RowFactory.create("d", 2L));
    Dataset<Row> rows = LocalSpark.session().createDataFrame(all, SCHEMA);
    for (long seed = 1; seed <= 5; seed++) {
      Set<Row> chosen = chosen(rows, RowSplit.TEST.stratified(rows, "class", 0.9, seed));
      assertThat(classes(chosen)).isEqualTo(Map.of("b", 1L, "d", 1L));
    }
  }

  @Test
  void bothZerosAreOneClass() {
    Dataset<Row> rows =
        LocalSpark.session().range(40).selectExpr("IF(id % 2 = 0, 0D, -0D) AS class", "id AS x");
    assertThat(rows.filter(RowSplit.TEST.stratified(rows, "class", 0.25, 1)).count()).isEqualTo(10);
  }

  @Test
  void classesMayBeNumbersAndEqualRowsStayTogether() {
    List<Long> twins = IntStream.range(0, 100).mapToObj(i -> (long) i / 2).toList();
    Dataset<Row> rows =
        LocalSpark.session()
            .createDataset(twins, Encoders.LONG())
            .toDF("x")
            .withColumn("y", col("x").mod(2).cast("double"));
    Dataset<Row> chosen = rows.filter(RowSplit.TEST.stratified(rows, "y", 0.5, 1));
    // Of 25 pairs in each class the 13th is cut in two by 25 rows, and stays whole.
    assertThat(chosen.groupBy("y").count().orderBy("y").collectAsList())
        .containsExactly(RowFactory.create(0.0, 26L), RowFactory.create(1.0, 26L));
    assertThat(chosen.groupBy("x").count().filter("count != 2").count()).isZero();
  }
}
