package dev.convene.data;

import dev.convene.ConveneException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * A DataFrame's rows, dealt to a number of shards as float32 blocks that stay cached on the
 * executors: partition i of the RDD holds the blocks of shard i.
 *
 * <p>A row's shard and its place there follow from its content, the seed and the number of shards
 * alone: rows are ranked by a seeded hash of their bytes, then by the bytes, and dealt round robin.
 * Equal rows cannot be told apart, so whichever comes first, the shards are the same, however Spark
 * had split and ordered the input.
 */
public final class Shards implements AutoCloseable {
  private final JavaRDD<Block> blocks;
  private final long rows;

  private Shards(JavaRDD<Block> blocks, long rows) {
    this.blocks = blocks;
    this.rows = rows;
  }

  /**
   * Deals and caches the rows.
   *
   * @param rows a column of feature vectors, then a column of numeric targets
   * @throws ConveneException (data), maybe as a cause, for a value that is null or not finite and
   *     for vectors of different sizes
   */
  public static Shards of(Dataset<Row> rows, int count, long seed) {
    // So that seeds of equal halves, such as 1 and ~1, hash to different orders.
    int hashSeed = Long.hashCode(seed * 0x9E3779B97F4A7C15L);
    JavaPairRDD<byte[], Object> encoded =
        rows.javaRDD().mapToPair(row -> new Tuple2<>(EncodedRow.of(row, hashSeed), null));
    int parts = Math.max(count, encoded.getNumPartitions());
    JavaRDD<Block> blocks =
        encoded
            .repartitionAndSortWithinPartitions(new HashRange(parts), EncodedRow.ORDER)
            .keys()
            .zipWithIndex()
            .mapToPair(Tuple2::swap)
            .repartitionAndSortWithinPartitions(new RoundRobin(count))
            .values()
            .mapPartitions(Shards::pack)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      // The job that makes the blocks.
      List<int[]> sizes = blocks.map(block -> new int[] {block.rows(), block.features()}).collect();
      sizes.forEach(size -> requireEqual(sizes.get(0)[1], size[1]));
      return new Shards(blocks, sizes.stream().mapToLong(size -> size[0]).sum());
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
    return rows;
  }

  /** Rows of each shard: they differ by one at most. */
  public List<Integer> rowsByShard() {
    int count = blocks.getNumPartitions();
    return LongStream.range(0, count)
        .map(shard -> (rows - shard + count - 1) / count)
        .mapToObj(Math::toIntExact)
        .toList();
  }

  /** Frees the executors' memory. */
  @Override
  public void close() {
    blocks.unpersist(false);
  }

  private static Iterator<Block> pack(Iterator<byte[]> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Block next() {
        byte[] row = rows.next();
        int features = EncodedRow.features(row);
        int capacity = Block.capacity(features, 1);
        float[] x = new float[capacity * features];
        float[] y = new float[capacity];
        int n = 0;
        while (true) {
          requireEqual(features, EncodedRow.features(row));
          EncodedRow.decode(row, n++, x, y);
          if (n == capacity || !rows.hasNext()) {
            return Block.of(n, Arrays.copyOf(x, n * features), Arrays.copyOf(y, n));
          }
          row = rows.next();
        }
      }
    };
  }

  private static void requireEqual(int features, int otherFeatures) {
    if (features != otherFeatures) {
      throw ConveneException.data(
          "rows have feature vectors of %s and of %s numbers: all rows need the same features",
          Math.min(features, otherFeatures), Math.max(features, otherFeatures));
    }
  }

  /** Splits the range of hashes evenly, in their order. */
  private static final class HashRange extends Partitioner {
    private final int parts;

    HashRange(int parts) {
      this.parts = parts;
    }

    @Override
    public int numPartitions() {
      return parts;
    }

    @Override
    public int getPartition(Object encodedRow) {
      return (int) ((EncodedRow.leadingHashBits((byte[]) encodedRow) * parts) >>> 32);
    }
  }

  private static final class RoundRobin extends Partitioner {
    private final int parts;

    RoundRobin(int parts) {
      this.parts = parts;
    }

    @Override
    public int numPartitions() {
      return parts;
    }

    @Override
    public int getPartition(Object rank) {
      return (int) ((long) rank % parts);
    }
  }
}
