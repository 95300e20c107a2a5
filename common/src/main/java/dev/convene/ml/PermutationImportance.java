package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.Network;
import dev.convene.shard.Block;
import dev.convene.shard.Shard;
import dev.convene.shard.Shards;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How much a model needs a feature: how much worse it is when that feature's values are permuted
 * among the rows, which breaks what they say of the label and keeps how they are distributed.
 * Features that say the same can all seem unimportant, for the model still has the others.
 *
 * <p>Breiman, "Random forests", 2001; Fisher, Rudin, Dominici, "All models are wrong, but many are
 * useful", 2019: as no row keeps its own values, the expected loss is their e_switch.
 *
 * <p>Rows are dealt to chunks in an order that a hash of their content and the seed decide, and
 * values permuted within each chunk, so that the result does not depend on how Spark split and
 * ordered the rows. That costs reading them a few times, a shuffle, and the memory to cache them as
 * float32. Then one Spark job computes 1 + groups x repeats forward passes over all rows. Some ten
 * thousand rows are enough: of a large table take a sample.
 *
 * @since 0.1.0
 */
public final class PermutationImportance {
  private static final int MAX_CHUNK_ROWS = 1 << 14;

  /** Of very wide rows, whose chunks may take more memory than a block, up to 1 GB. */
  private static final int MIN_CHUNK_ROWS = 64;

  private static final int MAX_CHUNK_BYTES = 1 << 30;

  private PermutationImportance() {}

  /**
   * The groups' importances, the largest first.
   *
   * @param rows labelled, with the model's features and label columns; a classifier's thresholds
   *     count for the accuracy
   * @param groups columns of the feature vector that are permuted together
   * @param repeats how often each group is permuted anew, at least 1
   * @throws IllegalArgumentException if a group reaches beyond the features, or for no repeats
   * @throws ConveneException (data), maybe as a cause, for rows that the model cannot be evaluated
   *     on, or if there are none
   */
  public static List<FeatureImportance> of(
      NeuralNetworkModel model,
      Dataset<?> rows,
      List<FeatureGroup> groups,
      int repeats,
      long seed) {
    Network network = model.network();
    requireWithin(network.inputs(), groups);
    if (repeats < 1) {
      throw new IllegalArgumentException("%d repeats: at least 1 is needed.".formatted(repeats));
    }
    Dataset<Row> labelled = Evaluation.labelled(rows, model.getFeaturesCol(), model.getLabelCol());
    requireFitting(network, labelled);
    Thresholds thresholds =
        model instanceof NeuralNetworkClassificationModel classifier
            ? Thresholds.of(classifier, classifier.numClasses())
            : Thresholds.NONE;
    PermutationTask task =
        new PermutationTask(network, model.parameters(), thresholds, groups, repeats, seed);
    Broadcast<PermutationTask> broadcast =
        JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()).broadcast(task);
    try (Shards chunks = Shards.of(labelled, chunks(network, labelled.count()), seed)) {
      PermutationTally tally =
          chunks
              .blocks()
              .mapPartitionsWithIndex(onEachChunk(broadcast), false)
              .treeReduce(PermutationTally::plus);
      return IntStream.range(0, groups.size())
          .mapToObj(g -> tally.importance(groups.get(g).name(), g, isClassifier(network)))
          .sorted(Comparator.comparingDouble(FeatureImportance::meanLossIncrease).reversed())
          .toList();
    } finally {
      broadcast.destroy();
    }
  }

  private static Function2<Integer, Iterator<Block>, Iterator<PermutationTally>> onEachChunk(
      Broadcast<PermutationTask> task) {
    return (index, blocks) -> {
      List<Block> chunk = new ArrayList<>();
      blocks.forEachRemaining(chunk::add);
      return List.of(task.value().scores(new Shard(chunk), index, NativeBlas.load().blas()))
          .iterator();
    };
  }

  /** Chunks are as equal as can be: of more than one, none has less than half of its capacity. */
  private static int chunks(Network network, long rows) {
    int capacity =
        Math.max(
            network.rowsAtATime(MIN_CHUNK_ROWS, MAX_CHUNK_BYTES),
            Math.min(MAX_CHUNK_ROWS, Block.capacity(network.inputs(), network.targetsPerRow())));
    return Math.toIntExact((rows + capacity - 1) / capacity);
  }

  private static boolean isClassifier(Network network) {
    return network.loss().classifies();
  }

  private static void requireWithin(int features, List<FeatureGroup> groups) {
    for (FeatureGroup group : groups) {
      if (group.until() > features) {
        throw new IllegalArgumentException(
            "Feature group %s reaches column %d, but there are %d features."
                .formatted(group.name(), group.until() - 1, features));
      }
    }
  }

  private static void requireFitting(Network network, Dataset<Row> labelled) {
    if (isClassifier(network)) {
      LabelChecks.requireWithin(labelled, Evaluation.LABEL, network.outputs(), "the table");
    } else if (labelled.isEmpty()) {
      throw ConveneException.data("the table has no rows");
    }
    // Shards are of rows that are all like the first.
    Row first = labelled.first();
    if (first.get(0) instanceof Vector features && features.size() != network.inputs()) {
      throw ConveneException.data(
          "a row has %s features, but the model was trained on %s",
          features.size(), network.inputs());
    }
    if (first.get(1) instanceof Vector labels && labels.size() != network.targetsPerRow()) {
      throw ConveneException.data(
          "a row has %s labels, but the model has %s outputs",
          labels.size(), network.targetsPerRow());
    }
  }
}
