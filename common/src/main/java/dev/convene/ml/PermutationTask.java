package dev.convene.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convene.nn.ForwardPass;
import dev.convene.nn.Network;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import dev.convene.nn.Softmax;
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
  private static final int BLOCK_ROWS = 256;

  private final Network network;
  private final float[] parameters;
  private final double[] thresholds;
  private final List<FeatureGroup> groups;
  private final int repeats;
  private final long seed;

  /**
   * @param thresholds of a classifier, by class; may be null
   */
  PermutationTask(
      Network network,
      float[] parameters,
      double[] thresholds,
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

  PermutedScores scores(Shard chunk, int index, BLAS blas) {
    int rows = chunk.rows();
    int inputs = network.inputs();
    int targets = network.targetsPerRow();
    RowBuffer all = RowBuffer.of(rows, network);
    RowOrder.unshuffled(chunk).copy(0, rows, all);
    float[] x = all.x();
    int[][] donors =
        IntStream.range(0, repeats)
            .mapToObj(repeat -> cycle(rows, repeat, index))
            .toArray(int[][]::new);
    ForwardPass forward = network.forwardPass(BLOCK_ROWS, blas);
    PermutedScores scores = new PermutedScores(groups.size(), repeats);
    for (int from = 0; from < rows; from += BLOCK_ROWS) {
      int n = Math.min(BLOCK_ROWS, rows - from);
      float[] block = Arrays.copyOfRange(x, from * inputs, (from + n) * inputs);
      float[] labels = Arrays.copyOfRange(all.targets(), from * targets, (from + n) * targets);
      float[] outputs = forward.outputs(parameters, block, n);
      scores.addAsTheyAre(n, loss(outputs, labels, n), right(outputs, labels, n));
      for (int g = 0; g < groups.size(); g++) {
        for (int repeat = 0; repeat < repeats; repeat++) {
          for (int i = 0; i < n; i++) {
            copy(groups.get(g), x, donors[repeat][from + i], block, i);
          }
          outputs = forward.outputs(parameters, block, n);
          scores.addPermuted(g, repeat, loss(outputs, labels, n), right(outputs, labels, n));
        }
        for (int i = 0; i < n; i++) {
          copy(groups.get(g), x, from + i, block, i);
        }
      }
    }
    return scores;
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

  private double loss(float[] outputs, float[] labels, int rows) {
    return network.loss().sum(outputs, labels, rows, network.outputs());
  }

  private long right(float[] outputs, float[] labels, int rows) {
    if (!network.loss().classifies()) {
      return 0;
    }
    int classes = network.outputs();
    double[] ofRow = new double[classes];
    long right = 0;
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < classes; k++) {
        ofRow[k] = outputs[row * classes + k];
      }
      double[] probabilities = null;
      if (thresholds != null) {
        probabilities = ofRow.clone();
        Softmax.inPlace(probabilities);
      }
      if (Thresholds.predictedClass(ofRow, probabilities, thresholds) == (int) labels[row]) {
        right++;
      }
    }
    return right;
  }
}
