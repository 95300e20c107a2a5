package dev.convene.train;

import static dev.convene.Ones.ones;

import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import dev.convene.shard.Block;
import dev.convene.shard.Shard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** InMemoryRows in memory that tests deal to shards. */
final class InMemoryRows {
  private final int features;
  private final float[] x;
  private final float[] y;
  private final float[] weights;

  /** With a target each, of equal weight. */
  InMemoryRows(int features, float[] x, float[] y) {
    this(features, x, y, ones(y.length));
  }

  /** With a weight each, and as many targets as y has for each of them. */
  InMemoryRows(int features, float[] x, float[] y, float[] weights) {
    this.features = features;
    this.x = x;
    this.y = y;
    this.weights = weights;
  }

  /** Normal features and one of the classes, equally likely whatever the features. */
  static InMemoryRows random(int rows, int features, int classes, long seed) {
    RandomStream random = RandomStream.of(seed, Purpose.INITIAL_PARAMETERS);
    float[] x = new float[rows * features];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    float[] y = new float[rows];
    for (int i = 0; i < rows; i++) {
      y[i] = random.nextInt(classes);
    }
    return new InMemoryRows(features, x, y);
  }

  InMemoryRows weighted(float[] otherWeights) {
    return new InMemoryRows(features, x, y, otherWeights);
  }

  float[] x() {
    return x;
  }

  float[] y() {
    return y;
  }

  int count() {
    return weights.length;
  }

  /** A shard of these rows in this order, in blocks of so many. */
  Shard shard(int[] rows, int rowsOfBlock) {
    List<Block> blocks = new ArrayList<>();
    for (int from = 0; from < rows.length; from += rowsOfBlock) {
      blocks.add(block(Arrays.copyOfRange(rows, from, Math.min(rows.length, from + rowsOfBlock))));
    }
    return new Shard(blocks);
  }

  /** All rows in one shard of one block. */
  List<Shard> oneShard() {
    return List.of(shard(IntStream.range(0, count()).toArray(), count()));
  }

  /** Row i goes to shard i modulo {@code shards}. */
  List<Shard> roundRobin(int shards, int rowsOfBlock) {
    return IntStream.range(0, shards)
        .mapToObj(
            shard ->
                shard(
                    IntStream.range(0, count()).filter(row -> row % shards == shard).toArray(),
                    rowsOfBlock))
        .toList();
  }

  private Block block(int[] rows) {
    int targets = y.length / count();
    RowBuffer buffer = RowBuffer.of(rows.length, features, targets);
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(x, rows[i] * features, buffer.x(), i * features, features);
      System.arraycopy(y, rows[i] * targets, buffer.targets(), i * targets, targets);
      buffer.weights()[i] = weights[rows[i]];
    }
    return Block.of(rows.length, features, targets, buffer);
  }
}
