package dev.convene.shard;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convene.ConveneException;
import dev.convene.nn.RowBuffer;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * A DataFrame's rows, dealt to a number of shards as float32 blocks that stay cached on the
 * executors: partition i of the RDD holds the blocks of shard i.
 *
 * <p>A row's shard and its place there follow from its content, the seed and the number of shards
 * alone: rows are ranked by a seeded hash of their bytes, then by the bytes, and dealt round robin.
 * Equal rows cannot be distinguished, so whichever comes first, the shards are the same, however
 * Spark had split and ordered the input.
 */
public final class Shards implements AutoCloseable {
  private final JavaRDD<Block> blocks;
  private final ShardCache cache;
  private final BlockSummary all;

  private Shards(JavaRDD<Block> blocks, BlockSummary all) {
    this.blocks = blocks;
    this.cache = new ShardCache(blocks);
    this.all = all;
  }

  /** What the driver knows of a block, or of all. */
  @DefaultSerializer(JavaSerializer.class)
  private record BlockSummary(long rows, int features, int targetsPerRow, long digest)
      implements Serializable {
    static final BlockSummary NONE = new BlockSummary(0, 0, 0, 0);

    static BlockSummary of(Block block) {
      return new BlockSummary(
          block.rows(), block.features(), block.targetsPerRow(), block.digest());
    }
  }

  /**
   * Deals and caches the rows.
   *
   * @param rows a column of feature vectors; a column of targets, a number or a vector each; maybe
   *     a column of weights, numbers of at least 0
   * @throws ConveneException (data), maybe as a cause, for a value that is null or not finite, for
   *     a negative weight and for vectors of different sizes
   */
  public static Shards of(Dataset<Row> rows, int count, long seed) {
    // So that seeds of equal halves, such as 1 and ~1, hash to different orders.
    int hashSeed = Long.hashCode(seed * 0x9E3779B97F4A7C15L);
    JavaRDD<Block> blocks =
        RowDealer.deal(rows.javaRDD(), count, hashSeed)
            .mapPartitions(Packing::new)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      // The job that makes the blocks.
      List<BlockSummary> summaries = blocks.map(BlockSummary::of).collect();
      BlockSummary first = summaries.isEmpty() ? BlockSummary.NONE : summaries.get(0);
      CRC32C digest = new CRC32C();
      long rowCount = 0;
      for (BlockSummary block : summaries) {
        requireEqual(first.features, block.features, "feature");
        requireEqual(first.targetsPerRow, block.targetsPerRow, "target");
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(block.digest).flip());
        rowCount += block.rows;
      }
      return new Shards(
          blocks,
          new BlockSummary(rowCount, first.features, first.targetsPerRow, digest.getValue()));
    } catch (RuntimeException e) {
      blocks.unpersist(false);
      throw e;
    }
  }

  /** Partition i holds the blocks of shard i. */
  public JavaRDD<Block> blocks() {
    return blocks;
  }

  /** Rows of all shards. */
  public long rows() {
    return all.rows;
  }

  /** Features of each row; 0 if there are no rows. */
  public int features() {
    return all.features;
  }

  /** Targets of each row; 0 if there are no rows. */
  public int targetsPerRow() {
    return all.targetsPerRow;
  }

  /** Rows of each shard: they differ by one at most. */
  public List<Integer> rowsByShard() {
    int count = blocks.getNumPartitions();
    return LongStream.range(0, count)
        .map(shard -> (rows() - shard + count - 1) / count)
        .mapToObj(Math::toIntExact)
        .toList();
  }

  /** A checksum of all rows and of where they are, in hexadecimal. */
  public String digest() {
    return String.format("%08x", all.digest);
  }

  /**
   * Gives executors that came later than the shards their part of them, where that lets fewer
   * shards take turns: they are made again there. Nothing if every slot has its share, and within
   * one process.
   */
  public void spread() {
    cache.spread();
  }

  /** Frees the executors' memory. */
  @Override
  public void close() {
    blocks.unpersist(false);
  }

  private static void requireEqual(int size, int otherSize, String kind) {
    if (size != otherSize) {
      throw ConveneException.data(
          "rows have %s vectors of %s and of %s numbers: all rows need the same %ss",
          kind, Math.min(size, otherSize), Math.max(size, otherSize), kind);
    }
  }

  /** A shard's encoded rows as blocks. */
  private static final class Packing implements Iterator<Block> {
    private final Iterator<byte[]> rows;
    private int features;
    private int targets;
    private int capacity;
    private RowBuffer buffer;

    Packing(Iterator<byte[]> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Block next() {
      int n = 0;
      do {
        EncodedRow row = new EncodedRow(rows.next());
        if (buffer == null) {
          features = row.features();
          targets = row.targets();
          capacity = Block.capacity(features, targets);
          buffer = RowBuffer.of(capacity, features, targets);
        }
        requireEqual(features, row.features(), "feature");
        requireEqual(targets, row.targets(), "target");
        row.copyTo(n++, buffer);
      } while (n < capacity && rows.hasNext());
      return Block.of(n, features, targets, buffer);
    }
  }
}
