package dev.convene.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
