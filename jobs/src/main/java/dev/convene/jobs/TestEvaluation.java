package dev.convene.jobs;

import dev.convene.html.TestRows;
import dev.convene.ml.FeatureImportance;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.ml.SampleImportance;
import dev.convene.ml.SampledColumns;
import dev.convene.preprocess.Preprocessing;
import dev.convene.report.Evaluated;
import dev.convene.report.Metrics;
import java.util.List;

/**
 * A model on test rows.
 *
 * @param rowsName how messages name the rows
 * @param columns that the sample has
 */
record TestEvaluation(String rowsName, Evaluated evaluated, SampledColumns columns) {

  Metrics metrics() {
    return evaluated.metrics();
  }

  /** What a report shows of it. */
  TestRows shown(NeuralNetworkModel model, Preprocessing preprocessing, long seed) {
    List<FeatureImportance> importances =
        preprocessing
            .encoder()
            .filter(encoder -> columns.images().isEmpty())
            .map(
                encoder ->
                    SampleImportance.of(model, encoder, columns, evaluated.sample().random(), seed))
            .orElse(List.of());
    return new TestRows(rowsName, evaluated, columns.names(), columns.images(), importances);
  }
}
