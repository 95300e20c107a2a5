package dev.convene.ml;

import static org.apache.spark.sql.functions.col;

import dev.convene.ConveneException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Adds columns that a network computes: to Spark a projection, scored in blocks behind it. */
final class DatasetScoring {
  private DatasetScoring() {}

  /**
   * Appends the columns to those of {@code rows}, which stay what they are to Spark. Nothing is
   * computed before an action asks for it, and no column that it does not ask for.
   *
   * @param scored the schema of the result: the columns of {@code rows}, then the new ones
   * @param columns the new ones
   * @throws ConveneException (data), when computed, for a row whose features are null, not finite
   *     or of another number
   */
  static Dataset<Row> score(
      TrainedNetwork trained,
      Dataset<?> rows,
      String featuresCol,
      StructType scored,
      List<OutputColumn> columns) {
    BlockScoringStrategy.addTo(rows.sparkSession());
    Scoring scoring =
        new Scoring(trained.sentBy(rows.sparkSession().sparkContext()), featuresCol, columns);
    StructType schema = rows.schema();
    Expression features = FeatureVectors.of(schema.apply(featuresCol)).expr();
    List<Column> all = new ArrayList<>(List.of(col("*")));
    for (int i = 0; i < columns.size(); i++) {
      StructField field = scored.fields()[schema.size() + i];
      Column column = new Column(new ScoredColumn(features, scoring, i, field.dataType()));
      all.add(column.as(field.name(), field.metadata()));
    }
    return rows.select(all.toArray(Column[]::new));
  }
}
