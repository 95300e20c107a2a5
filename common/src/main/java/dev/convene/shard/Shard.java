package dev.convene.shard;

import dev.convene.nn.SparseRows;
import java.util.List;

/** One worker's rows, in an order of their own that is fixed. All blocks but the last are full. */
public record Shard(List<Block> blocks) {

  public Shard {
    blocks = List.copyOf(blocks);
  }

  public int rows() {
    return blocks.stream().mapToInt(Block::rows).sum();
  }

  /**
   * Whether so few features of all its rows together are not 0 that a network takes those alone.
   */
  public boolean isSparse() {
    return SparseRows.areFew(
        blocks.stream().mapToLong(Block::nonZeros).sum(),
        blocks.stream().mapToLong(block -> (long) block.rows() * block.features()).sum());
  }
}
