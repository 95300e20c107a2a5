package dev.convene.shard;

import java.util.List;

/** One worker's rows, in an order of their own that is fixed. All blocks but the last are full. */
public record Shard(List<Block> blocks) {

  public Shard {
    blocks = List.copyOf(blocks);
  }

  public int rows() {
    return blocks.stream().mapToInt(Block::rows).sum();
  }
}
