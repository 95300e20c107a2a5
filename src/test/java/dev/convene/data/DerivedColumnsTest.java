package dev.convene.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.testkit.LocalSpark;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("spark")
class DerivedColumnsTest {
  @TempDir Path folder;
  private DataSource table;

  @BeforeEach
  void table() {
    table = Tables.csv(folder.resolve("a.csv"), "x,y\n1,2\n3,4\n");
  }

  @Test
  void areAddedOrReplacedInTheirOrder() {
    Map<String, String> derive = new LinkedHashMap<>();
    derive.put("z", "x + y");
    derive.put("a", "z * 10");
    derive.put("x", "-x");
    assertThat(
            Tables.read(Sources.withDerived(table, derive), Sources.columns("y")).collectAsList())
        .containsExactly(
            RowFactory.create(2.0, -1.0, 3.0, 30.0), RowFactory.create(4.0, -3.0, 7.0, 70.0));
  }

  @Test
  void mayUseOneAnotherInAnyOrder() {
    Map<String, String> derive = new LinkedHashMap<>();
    derive.put("e10", "e9 + 1");
    derive.put("e9", "z.v + X");
    derive.put("z", "named_struct('v', x)");
    derive.put("X", "-x");
    derive.put("last", "x * e10");
    Dataset<Row> rows =
        Tables.read(
            Sources.withDerived(table, derive), Sources.columns("y", "e10", "e9", "X", "last"));
    // e9 stands before X, and uses the one that the file has: 1 + 1.
    assertThat(rows.head()).isEqualTo(RowFactory.create(2.0, 3.0, 2.0, -1.0, -3.0));
  }

  @Test
  void columnsOfAFileAreDerivedInOneStep() {
    Map<String, String> derive = new LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      derive.put("d" + i, "x + " + i);
    }
    Dataset<Row> rows =
        SqlExpressions.derive(
            Sources.withDerived(table, derive),
            LocalSpark.session().range(3).selectExpr("id AS x"));
    assertThat(
            rows.queryExecution().analyzed().toString().lines().filter(l -> l.contains("Project")))
        .hasSize(2);
    assertThat(rows.filter("d299 = x + 299").count()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x +         | Syntax error at or near end of input",
        "x + foo     | there is no column `foo`; TMP/a.csv has x, y",
        "nothing(x)  | Cannot resolve function `nothing` on search path [`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]",
      })
  void anExpressionThatCannotBeUsedIsNamed(String expression, String reason) {
    assertThatThrownBy(
            () ->
                Tables.read(
                    Sources.withDerived(table, Map.of("z", expression)), Sources.columns("y")))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessage("data.derive.z = %s: %s", expression, reason.replace("TMP", folder.toString()));
  }
}
