package dev.convene.jobs;

import dev.convene.config.Settings;
import dev.convene.preprocess.Preprocessing;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a training with what was fitted to those to train on.
 *
 * @param numbers of the labels' classes
 */
record PreparedRows(
    DataSplits splits, LabelColumn labels, ClassNumbers numbers, Preprocessing preprocessing) {
  private static final Logger LOG = LoggerFactory.getLogger(PreparedRows.class);

  /**
   * Fits labels and preprocessing.
   *
   * @throws dev.convene.ConveneException (data) if labels or values do not fit
   */
  static PreparedRows fit(Settings settings, InputReader data, DataSplits splits) {
    Dataset<Row> fitted = splits.withoutValidation();
    LabelColumn labels = LabelColumn.fit(settings, data, fitted);
    ClassNumbers numbers = ClassNumbers.of(settings, labels);
    splits.requireKnownLabels(labels);
    Preprocessing preprocessing =
        Preprocessing.fit(
            fitted,
            splits.features(),
            categorical(data, splits.features()),
            PreprocessSettings.plan(settings));
    preprocessing.warnings().forEach(LOG::warn);
    return new PreparedRows(splits, labels, numbers, preprocessing);
  }

  private static Set<String> categorical(InputReader data, List<String> features) {
    return features.stream()
        .filter(data.columns().categorical()::contains)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Those to train on, and if there are validation rows those, too. */
  Dataset<Row> training() {
    return preprocessing.transform(labels.prepared(splits.training()));
  }
}
