package dev.convene.ml;

import dev.convene.nn.Network;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.preprocess.FeatureEncoder;
import dev.convene.report.EvaluatedRow;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.RowFactory;

/**
 * {@link PermutationImportance} of raw columns on a small sample of rows: without a Spark job, in
 * bounded time.
 *
 * @since 0.2.0
 */
public final class SampleImportance {
  private static final int REPEATS = 3;
  private static final int FEWEST_ROWS = 30;

  /** Multiplications: a few tenths of a second. */
  private static final double MOST_WORK = 4e9;

  private final FeatureEncoder encoder;
  private final Network network;
  private final BlockScorer scorer;
  private final Thresholds thresholds;
  private final List<EvaluatedRow> rows;

  private SampleImportance(
      FeatureEncoder encoder, NeuralNetworkModel model, List<EvaluatedRow> rows) {
    this.encoder = encoder;
    this.network = model.network();
    this.scorer = model.trained().scorer();
    this.thresholds =
        model instanceof NeuralNetworkClassificationModel classifier
            ? Thresholds.of(classifier, classifier.numClasses())
            : Thresholds.NONE;
    this.rows = rows;
  }

  /**
   * The columns' importances, the largest first; none if the sample lacks columns that the encoder
   * reads, or if it has too few rows for what the model's size lets be done.
   *
   * @param sample rows of all columns that the encoder reads, in its order
   */
  public static List<FeatureImportance> of(
      NeuralNetworkModel model,
      FeatureEncoder encoder,
      SampledColumns columns,
      List<EvaluatedRow> sample,
      long seed) {
    List<String> names = encoder.names();
    double workOfRow = (1.0 + REPEATS * names.size()) * model.network().parameterCount();
    int most = (int) Math.min(sample.size(), MOST_WORK / workOfRow);
    if (!columns.names().equals(names) || names.size() < 2 || most < FEWEST_ROWS) {
      return List.of();
    }
    return new SampleImportance(encoder, model, sample.subList(0, most)).importances(names, seed);
  }

  private List<FeatureImportance> importances(List<String> names, long seed) {
    int[] own = IntStream.range(0, rows.size()).toArray();
    PermutationTally tally = new PermutationTally(names.size(), REPEATS);
    Score asTheyAre = score(0, own);
    tally.addAsTheyAre(rows.size(), asTheyAre.loss, asTheyAre.right);
    for (int column = 0; column < names.size(); column++) {
      for (int repeat = 0; repeat < REPEATS; repeat++) {
        int[] order =
            RandomStream.of(seed, Purpose.FEATURE_PERMUTATION, repeat, column)
                .permutation(rows.size());
        int[] donors = new int[order.length];
        for (int i = 0; i < order.length; i++) {
          donors[order[i]] = order[(i + 1) % order.length];
        }
        Score permuted = score(column, donors);
        tally.addPermuted(column, repeat, permuted.loss, permuted.right);
      }
    }
    boolean classifies = network.loss().classifies();
    return IntStream.range(0, names.size())
        .mapToObj(column -> tally.importance(names.get(column), column, classifies))
        .sorted(Comparator.comparingDouble(FeatureImportance::meanLossIncrease).reversed())
        .toList();
  }

  private record Score(double loss, long right) {}

  /**
   * All rows, one column of each from another row.
   *
   * @param donors by row the row whose value it gets
   */
  private Score score(int column, int[] donors) {
    double loss = 0;
    long right = 0;
    for (int from = 0; from < rows.size(); from += scorer.features().capacity()) {
      int until = Math.min(rows.size(), from + scorer.features().capacity());
      scorer.features().clear();
      for (int row = from; row < until; row++) {
        scorer.features().add(encoded(row, column, donors[row]));
      }
      BlockOutputs outputs = scorer.score();
      float[] targets = targets(from, until);
      loss += outputs.totalLoss(network.loss(), targets);
      for (int i = 0; i < outputs.rows() && network.loss().classifies(); i++) {
        right += thresholds.predictedClass(outputs.classScores(i)) == (int) targets[i] ? 1 : 0;
      }
    }
    return new Score(loss, right);
  }

  private Vector encoded(int row, int column, int donor) {
    Object[] values = rows.get(row).sources();
    values[column] = rows.get(donor).source(column);
    return encoder.encode(RowFactory.create(values));
  }

  private float[] targets(int from, int until) {
    int width = network.targetsPerRow();
    float[] targets = new float[(until - from) * width];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) rows.get(from + i / width).label(i % width);
    }
    return targets;
  }
}
