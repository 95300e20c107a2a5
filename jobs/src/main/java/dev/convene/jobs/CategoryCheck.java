package dev.convene.jobs;

import dev.convene.data.PackedFeatures;
import dev.convene.preprocess.FeatureEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Compares the categories of rows with those that a model knows. */
final class CategoryCheck {
  /** Looks at as many: categories that are spelled otherwise are so in every row. */
  private static final int ROWS = 1000;

  /** Warns if fewer rows than this share hold a known category. */
  private static final double NEARLY_NONE = 0.05;

  private CategoryCheck() {}

  /**
   * A sentence for each column of which the model knows next to no category that the first rows
   * hold.
   *
   * @param rowsName how the sentences name the rows
   */
  static List<String> warnings(FeatureEncoder encoder, Dataset<Row> rows, String rowsName) {
    List<String> columns = encoder.indexedColumns().stream().sorted().toList();
    if (columns.isEmpty()) {
      return List.of();
    }
    List<Row> first = rows.select(PackedFeatures.columns(rows.schema(), columns)).takeAsList(ROWS);
    List<String> warnings = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      int column = c;
      String name = columns.get(c);
      List<String> held =
          first.stream().map(row -> row.getString(column)).filter(Objects::nonNull).toList();
      Stream<String> unknown = held.stream().filter(category -> !encoder.knows(name, category));
      long known = held.stream().filter(category -> encoder.knows(name, category)).count();
      if (!held.isEmpty() && known < NEARLY_NONE * held.size()) {
        warnings.add(
            "column %s of %s: training saw the category of %d of the first %d rows, but none like '%s': is it the same column, spelled the same way?"
                .formatted(name, rowsName, known, held.size(), unknown.findFirst().orElseThrow()));
      }
    }
    return warnings;
  }
}
