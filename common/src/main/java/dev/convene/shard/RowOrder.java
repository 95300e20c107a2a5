package dev.convene.shard;

import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The order in which an epoch takes a shard's rows: its blocks in a random order, and the rows of
 * each in a random order. What is not asked for is not computed, so a round touches only its own
 * blocks.
 */
public final class RowOrder {
  private final Shard shard;
  private final int[] blockOrder;
  private final int[] firstPlaces;
  private final int[][] rowOrders;
  private final RowShuffle shuffle;

  private interface RowShuffle {
    int[] rowOrder(int block, int rows);
  }

  private RowOrder(Shard shard, int[] blockOrder, RowShuffle shuffle) {
    this.shard = shard;
    this.blockOrder = blockOrder;
    this.shuffle = shuffle;
    this.rowOrders = new int[blockOrder.length][];
    this.firstPlaces = new int[blockOrder.length + 1];
    for (int i = 0; i < blockOrder.length; i++) {
      firstPlaces[i + 1] = firstPlaces[i] + shard.blocks().get(blockOrder[i]).rows();
    }
  }

  /** The shard's own order. */
  public static RowOrder unshuffled(Shard shard) {
    int[] blocks = IntStream.range(0, shard.blocks().size()).toArray();
    return new RowOrder(shard, blocks, (block, rows) -> IntStream.range(0, rows).toArray());
  }

  /** A random order that is a function of seed, epoch and worker. */
  public static RowOrder shuffled(Shard shard, long seed, int epoch, int worker) {
    int[] blocks =
        RandomStream.of(seed, Purpose.ROW_ORDER, epoch, worker).permutation(shard.blocks().size());
    return new RowOrder(
        shard,
        blocks,
        (block, rows) ->
            RandomStream.of(seed, Purpose.ROW_ORDER, epoch, worker, block).permutation(rows));
  }

  /**
   * Copies the rows at places {@code from} to {@code from + rows} of this order.
   *
   * @param to takes them from its first place on
   */
  public void copy(int from, int rows, RowBuffer to) {
    if (to.isSparse()) {
      to.sparse().clear();
    }
    int block = blockAt(from);
    for (int i = 0; i < rows; i++) {
      while (from + i >= firstPlaces[block + 1]) {
        block++;
      }
      int row = rowsOf(block)[from + i - firstPlaces[block]];
      shard.blocks().get(blockOrder[block]).copyRow(row, i, to);
    }
  }

  /** The sum of the weights of the rows that {@link #copy} would copy, in their order. */
  public double weight(int from, int rows) {
    double sum = 0;
    int block = blockAt(from);
    for (int i = 0; i < rows; i++) {
      while (from + i >= firstPlaces[block + 1]) {
        block++;
      }
      int row = rowsOf(block)[from + i - firstPlaces[block]];
      sum += shard.blocks().get(blockOrder[block]).weight(row);
    }
    return sum;
  }

  /** The index in this order of the block that has a place. */
  private int blockAt(int place) {
    int index = Arrays.binarySearch(firstPlaces, place);
    return index >= 0 ? index : -index - 2;
  }

  private int[] rowsOf(int block) {
    if (rowOrders[block] == null) {
      int rows = firstPlaces[block + 1] - firstPlaces[block];
      rowOrders[block] = shuffle.rowOrder(blockOrder[block], rows);
    }
    return rowOrders[block];
  }
}
