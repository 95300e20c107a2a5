package dev.convene.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convene.nn.Network;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Scores a chunk of rows as they are and with each group permuted in each repeat. No Spark. */
@DefaultSerializer(JavaSerializer.class)
final class PermutationTask implements Serializable {
  private static final long serialVersionUID = 1;

  private final Network network;
  private final float[] parameters;
  private final Thresholds thresholds;
  private final List<FeatureGroup> groups;
  private final int repeats;
  private final long seed;

  /**
   * @param thresholds of a classifier
   */
  PermutationTask(
      Network network,
      float[] parameters,
      Thresholds thresholds,
      List<FeatureGroup> groups,
      int repeats,
      long seed) {
    this.network = network;
    this.parameters = parameters;
    this.thresholds = thresholds;
    this.groups = List.copyOf(groups);
    this.repeats = repeats;
    this.seed = seed;
  }

  PermutationTally scores(Shard chunk, int index, BLAS blas) {
    int rows = chunk.rows();
    RowBuffer all = RowBuffer.of(rows, network);
    RowOrder.unshuffled(chunk).copy(0, rows, all);
    int[][] donors =
        IntStream.range(0, repeats)
            .mapToObj(repeat -> cycle(rows, repeat, index))
            .toArray(int[][]::new);
    BlockScorer scorer = new BlockScorer(network, parameters, blas);
    int blockRows = scorer.features().capacity();
    PermutationTally tally = new PermutationTally(groups.size(), repeats);
    for (int from = 0; from < rows; from += blockRows) {
      scoreBlock(all, from, Math.min(rows, from + blockRows), donors, scorer, tally);
    }
    return tally;
  }

  private void scoreBlock(
      RowBuffer all,
      int from,
      int until,
      int[][] donors,
      BlockScorer scorer,
      PermutationTally tally) {
    int targets = network.targetsPerRow();
    float[] labels = Arrays.copyOfRange(all.targets(), from * targets, until * targets);
    FeatureBlock block = scorer.features();
    block.clear();
    block.addAll(all.x(), from, until);
    BlockOutputs asTheyAre = scorer.score();
    tally.addAsTheyAre(until - from, loss(asTheyAre, labels), right(asTheyAre, labels));
    for (int g = 0; g < groups.size(); g++) {
      FeatureGroup group = groups.get(g);
      for (int repeat = 0; repeat < repeats; repeat++) {
        for (int row = from; row < until; row++) {
          copy(group, all.x(), donors[repeat][row], block.x(), row - from);
        }
        BlockOutputs permuted = scorer.score();
        tally.addPermuted(g, repeat, loss(permuted, labels), right(permuted, labels));
      }
      for (int row = from; row < until; row++) {
        copy(group, all.x(), row, block.x(), row - from);
      }
    }
  }

  /**
   * By row the row whose values it gets. All rows are one cycle, so that none keeps its own: every
   * other row is equally probable.
   */
  private int[] cycle(int rows, int repeat, int chunk) {
    int[] order =
        RandomStream.of(seed, Purpose.FEATURE_PERMUTATION, repeat, chunk).permutation(rows);
    int[] donors = new int[rows];
    for (int i = 0; i < rows; i++) {
      donors[order[i]] = order[(i + 1) % rows];
    }
    return donors;
  }

  private void copy(FeatureGroup group, float[] x, int row, float[] block, int blockRow) {
    int inputs = network.inputs();
    System.arraycopy(
        x, row * inputs + group.from(), block, blockRow * inputs + group.from(), group.width());
  }

  private double loss(BlockOutputs outputs, float[] labels) {
    return outputs.totalLoss(network.loss(), labels);
  }

  private long right(BlockOutputs outputs, float[] labels) {
    if (!network.loss().classifies()) {
      return 0;
    }
    return IntStream.range(0, outputs.rows())
        .filter(row -> thresholds.predictedClass(outputs.classScores(row)) == (int) labels[row])
        .count();
  }
}
