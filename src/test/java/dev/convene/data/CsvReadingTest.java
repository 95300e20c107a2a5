package dev.convene.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("spark")
class CsvReadingTest {
  private static final TableColumns X_THEN_Y = Sources.columns("y", "x");

  @TempDir Path folder;

  @Test
  void columnsOfAFileWithoutHeaderAreNamed() {
    DataSource source = Tables.csv(folder.resolve("a.csv"), "1,2\n3,4\n", Map.of());
    assertThat(
            Tables.read(Sources.withColumns(source, List.of("x", "y")), X_THEN_Y).collectAsList())
        .containsExactly(RowFactory.create(2.0, 1.0), RowFactory.create(4.0, 3.0));
    assertThatThrownBy(
            () -> Tables.read(Sources.withColumns(source, List.of("x", "y", "z")), X_THEN_Y))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage("data.columns has 3 names, but the first row of %s/a.csv has 2 fields", folder);
    assertThatThrownBy(() -> Tables.read(Sources.withColumns(source, List.of("x", "X")), X_THEN_Y))
        .hasMessage("%s/a.csv has two columns named X: rename one of them", folder);
  }

  @Test
  void namesAreForFilesWithoutHeaderOnly() {
    List<String> names = List.of("x", "y");
    DataSource header =
        Sources.withColumns(Tables.csv(folder.resolve("a.csv"), "x,y\n1,2\n"), names);
    assertThatThrownBy(() -> Tables.read(header, X_THEN_Y))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessage(
            "data.columns names the columns of a csv without header, but the option header is true"
                + " for %s/a.csv: drop one of the two",
            folder);
    assertThatThrownBy(
            () -> Tables.read(Sources.withColumns(Sources.of("parquet", "a"), names), X_THEN_Y))
        .hasMessage(
            "data.columns names the columns of a csv without header, but data.format is parquet");
  }

  /** As UCI's Adult has it: a comment first, spaces, question marks, full stops, a blank line. */
  @Test
  void adultsTestFileIsReadByOptionsAlone() {
    DataSource source =
        Sources.withDerived(
            Sources.withColumns(
                Tables.csv(
                    folder.resolve("adult.test"),
                    "|1x3 Cross validator\n25, Private, <=50K.\n41, ?, >50K.\n\n",
                    Map.of(
                        "comment", "|",
                        "ignoreLeadingWhiteSpace", "true",
                        "ignoreTrailingWhiteSpace", "true",
                        "nullValue", "?")),
                List.of("age", "workclass", "income")),
            Map.of("income", "rtrim('.', income)"));
    assertThat(
            Tables.read(
                    source,
                    Tables.missingAllowed("income", java.util.Set.of("workclass", "income")))
                .collectAsList())
        .containsExactly(
            RowFactory.create("<=50K", 25.0, "Private"), RowFactory.create(">50K", 41.0, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x,y;1,2;;abc,4        | 4 | column x holds 'abc', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
        "x,y;1,2;3,            | 3 | column y holds no value, not a finite number: correct the row or leave it out",
        "x,y;1,2;3,4;NaN,6     | 4 | column x holds 'NaN', not a finite number: correct the row, or set preprocess.missing to fill such values",
        "x,y;1,2;3,four;5,four | 3 | column y holds 'four', not a finite number: correct the row, or name the column in data.categorical",
        "x,y;1,2;3             | 3 | a row does not have 2 fields as the first one does: 3",
        "x,y;1,2;3,4,5;        | 3 | a row does not have 2 fields as the first one does: 3,4,5",
        "x,y;1,2;3d ,4         | 3 | column x holds '3d ', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
      })
  void badRowsAreNamedWithTheirLine(String lines, int line, String problem) {
    Path file = folder.resolve("a b.csv");
    DataSource source = Tables.csv(file, lines.replace(';', '\n') + "\n");
    assertThat(Tables.messageOf(Tables.read(source, X_THEN_Y)))
        .isEqualTo("file:" + file + ", line " + line + ": " + problem);
  }

  @Test
  void aDerivedColumnsBadValueHasItsLineToo() {
    Path file = folder.resolve("a.csv");
    DataSource source =
        Sources.withDerived(
            Tables.csv(file, "x,y\n1,2\n3,4\n5,6\n"), Map.of("x", "if(x = 3, 'three', x)"));
    assertThat(Tables.messageOf(Tables.read(source, X_THEN_Y)))
        .isEqualTo(
            "file:%s, line 3: column x holds 'three', not a finite number: correct the row, name"
                + " the column in data.categorical, or leave it out of data.features",
            file);
  }

  @Test
  void whereRowsAreNotLinesTheLineIsLeftOut() {
    Path file = folder.resolve("a.csv");
    DataSource source =
        Tables.csv(file, "x,y\n\"1\n\",2\nabc,4\n", Map.of("header", "true", "multiLine", "true"));
    assertThat(Tables.messageOf(Tables.read(source, X_THEN_Y)))
        .startsWith("file:" + file + ": column x holds 'abc'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"y,x", "x,z", "x,y,z"})
  void filesOfDifferentHeadersAreNamed(String header) throws IOException {
    Tables.csv(folder.resolve("1.csv"), "x,y\n" + "1,2\n".repeat(100));
    Path other = Files.writeString(folder.resolve("2.csv"), header + "\n3,4,5\n");
    DataSource source =
        Sources.withOptions(Sources.of("csv", folder.toString()), Map.of("header", "true"));
    assertThat(Tables.failureOf(Tables.read(source, X_THEN_Y)))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(
            "file:%s: its header differs from that of the other files: give all files the same"
                + " columns in the same order",
            other);
  }

  @Test
  void emptyFilesAmongOthersAreNoMatter() throws IOException {
    DataSource source =
        Sources.withOptions(Sources.of("csv", folder.toString()), Map.of("header", "true"));
    Files.createFile(folder.resolve("1.csv"));
    assertThatThrownBy(() -> Tables.read(source, X_THEN_Y))
        .isInstanceOf(ConveneException.class)
        .hasMessage("%s has no rows", folder);
    Tables.csv(folder.resolve("2.csv"), "x,y\n1,2\n");
    assertThat(Tables.read(source, X_THEN_Y).collectAsList())
        .containsExactly(RowFactory.create(2.0, 1.0));
  }

  @Test
  void failuresOfAnotherKindStayWhatTheyAre() {
    Exception failure = new IllegalArgumentException("other");
    assertThat(BadRowLocator.locate(LocalSpark.session(), "no-cache", List.of(), failure))
        .isSameAs(failure);
  }
}
