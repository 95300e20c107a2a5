package dev.convene.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class MarkedRowsTest {
  @TempDir Path folder;

  @Test
  void everyRowComesWithItsSourceAndItsProblem() {
    Path file = folder.resolve("a b.csv");
    DataSource source =
        Sources.withDerived(
            Tables.csv(file, "id,x,c\nA,1,u\nB,abc,v\nC,,w\nD,4\nE,5,\nF,6,z,7\n"),
            Map.of("twice", "2 * x"));
    TableColumns columns =
        new TableColumns(List.of(), Optional.empty(), List.of("x", "c"), Set.of("c"), true, true);
    Dataset<Row> rows = Tables.readMarked(source, columns);
    assertThat(rows.columns()).containsExactly(DataReader.SOURCE, "x", "c", DataReader.PROBLEM);
    assertThat(rows.select(DataReader.SOURCE + ".*").columns())
        .containsExactly("id", "x", "c", "twice");
    String place = "file:" + file + ": ";
    String misfit = place + "a row does not have 3 fields as the first one does: ";
    assertThat(rows.collectAsList())
        .containsExactly(
            marked(RowFactory.create("A", "1", "u", 2.0), 1.0, "u", null),
            marked(
                RowFactory.create("B", "abc", "v", null),
                null,
                "v",
                place + "column x holds 'abc', not a finite number"),
            marked(RowFactory.create("C", null, "w", null), null, "w", null),
            marked(RowFactory.create("D", "4", null, 8.0), null, null, misfit + "D,4"),
            marked(RowFactory.create("E", "5", null, 10.0), 5.0, null, null),
            marked(RowFactory.create("F", "6", "z", 12.0), null, null, misfit + "F,6,z,7"));
  }

  private static Row marked(Row source, Double x, String c, String problem) {
    return RowFactory.create(source, x, c, problem);
  }

  @Test
  void readFailsForThoseRowsThatAreMarked() {
    Path file = folder.resolve("a.csv");
    TableColumns columns =
        new TableColumns(List.of("y"), Optional.of("w"), List.of(), Set.of("c"), false, false);
    for (String row :
        List.of("1,2,3,d", "x,2,3,d", "1,-2,3,d", "1,2,,d", "1,2,3,", "1,2,3", "1,2,3,4,5")) {
      DataSource source = Tables.csv(file, "x,w,y,c\n" + row + "\n");
      String problem = Tables.reader().readMarked(source, columns).head().getAs(DataReader.PROBLEM);
      Dataset<Row> read = Tables.read(source, columns);
      if (problem == null) {
        assertThat(read.collectAsList()).containsExactly(RowFactory.create(3.0, 2.0, 1.0, "d"));
      } else {
        assertThat(Tables.messageOf(read).replace(", line 2:", ":")).startsWith(problem);
      }
    }
  }

  @Test
  void vectorsAreMarkedToo() {
    DataSource source =
        Tables.write(
            "parquet",
            folder.resolve("t"),
            new StructType().add("id", DataTypes.IntegerType).add("v", SQLDataTypes.VectorType()),
            RowFactory.create(1, Vectors.dense(1, 2)),
            RowFactory.create(2, Vectors.dense(1, Double.NaN)),
            RowFactory.create(3, null));
    TableColumns v =
        new TableColumns(List.of(), Optional.empty(), List.of("v"), Set.of(), true, true);
    List<Row> rows =
        Tables.readMarked(source, v)
            .selectExpr("v", "regexp_replace(" + DataReader.PROBLEM + ", '^file.*parquet: ', '')")
            .collectAsList();
    assertThat(rows)
        .containsExactly(
            RowFactory.create(Vectors.dense(1, 2), null),
            RowFactory.create(null, "column v holds a vector with NaN in it, not a finite number"),
            RowFactory.create(null, "column v holds no value, not a vector"));
  }

  @Test
  void noRowsAreNoRows() {
    DataSource source = Tables.csv(folder.resolve("a.csv"), "x,y\n");
    assertThat(Tables.reader().readMarked(source, Sources.columns("y")).count()).isZero();
  }
}
