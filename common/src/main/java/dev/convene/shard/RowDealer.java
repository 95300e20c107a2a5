package dev.convene.shard;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Ranks rows by the order of their bytes and deals them round robin: partition i of the result has
 * the rows of rank i, i + count, i + 2 count and so on.
 *
 * <p>Two shuffles: the first sorts ranges of hashes, the second carries the sorted rows to their
 * shards, many in one record. The rank at which a range begins travels with the first, as counts
 * that every task adds to its rows, so no job of its own counts them.
 */
final class RowDealer {
  /** Ranges that are sorted one after the other hold fewer rows in memory. */
  private static final int RANGES_PER_SLOT = 4;

  private static final int CHUNK_BYTES = 32 << 10;

  private RowDealer() {}

  static JavaRDD<byte[]> deal(JavaRDD<Row> rows, int count, int hashSeed) {
    // A range costs a task: where many shards take turns, there are no more ranges for them.
    int slots = Math.min(count, rows.context().defaultParallelism());
    HashRange ranges = new HashRange(Math.max(RANGES_PER_SLOT * slots, rows.getNumPartitions()));
    JavaPairRDD<byte[], Object> encoded =
        rows.mapPartitionsToPair(partition -> new CountedRows(partition, hashSeed, ranges));
    JavaPairRDD<Long, byte[]> chunks =
        ByteShuffle.sorted(encoded, ranges, RangeCount.BEFORE_ROWS, byte[].class, Object.class)
            .keys()
            .mapPartitionsToPair(sorted -> new Chunks(sorted, count));
    return ByteShuffle.sorted(
            chunks, new RoundRobin(count), Comparator.naturalOrder(), Long.class, byte[].class)
        .values()
        .flatMap(RowDealer::rowsOf);
  }

  private static Iterator<byte[]> rowsOf(byte[] chunk) {
    List<byte[]> rows = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(chunk);
    while (buffer.hasRemaining()) {
      byte[] row = new byte[buffer.getInt()];
      buffer.get(row);
      rows.add(row);
    }
    return rows.iterator();
  }

  /** A task's rows, encoded, and after them for each range how many of them come before it. */
  private static final class CountedRows implements Iterator<Tuple2<byte[], Object>> {
    private final Iterator<Row> rows;
    private final RowEncoder encoder;
    private final HashRange ranges;
    private final long[] rowsOfRange;
    private int range;
    private long rowsBefore;

    CountedRows(Iterator<Row> rows, int hashSeed, HashRange ranges) {
      this.rows = rows;
      this.encoder = new RowEncoder(hashSeed);
      this.ranges = ranges;
      this.rowsOfRange = new long[ranges.numPartitions()];
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext() || range < rowsOfRange.length;
    }

    @Override
    public Tuple2<byte[], Object> next() {
      byte[] record;
      if (rows.hasNext()) {
        record = encoder.encode(rows.next());
        rowsOfRange[ranges.getPartition(record)]++;
      } else {
        record = new RangeCount(ranges.firstHashBits(range), rowsBefore).encoded();
        rowsBefore += rowsOfRange[range++];
      }
      return new Tuple2<>(record, null);
    }
  }

  /**
   * A sorted range's rows as pairs of a rank and bytes: the row of that rank and the next ones of
   * its shard, each after its length.
   */
  private static final class Chunks implements Iterator<Tuple2<Long, byte[]>> {
    private final Iterator<byte[]> sorted;
    private final Chunk[] chunks;
    private byte[] row;
    private long rank;
    private int flushed;

    Chunks(Iterator<byte[]> sorted, int count) {
      this.sorted = sorted;
      this.chunks = new Chunk[count];
      Arrays.setAll(chunks, shard -> new Chunk());
      advance();
      while (row != null && RangeCount.isEncodedIn(row)) {
        rank += RangeCount.decoded(row).rowsBefore();
        advance();
      }
    }

    private void advance() {
      row = sorted.hasNext() ? sorted.next() : null;
    }

    @Override
    public boolean hasNext() {
      return row != null || skipToRest();
    }

    private boolean skipToRest() {
      while (flushed < chunks.length && chunks[flushed].isEmpty()) {
        flushed++;
      }
      return flushed < chunks.length;
    }

    @Override
    public Tuple2<Long, byte[]> next() {
      while (row != null) {
        Chunk chunk = chunks[(int) (rank % chunks.length)];
        Tuple2<Long, byte[]> full = chunk.hasRoomFor(row) ? null : chunk.take();
        chunk.add(rank++, row);
        advance();
        if (full != null) {
          return full;
        }
      }
      if (!skipToRest()) {
        throw new NoSuchElementException();
      }
      return chunks[flushed].take();
    }
  }

  private static final class Chunk {
    private ByteBuffer rows = ByteBuffer.allocate(0);
    private long firstRank;

    boolean isEmpty() {
      return rows.position() == 0;
    }

    /** An empty chunk has room for any row. */
    boolean hasRoomFor(byte[] row) {
      return isEmpty() || rows.remaining() >= Integer.BYTES + row.length;
    }

    void add(long rank, byte[] row) {
      if (isEmpty()) {
        firstRank = rank;
        int size = Math.max(CHUNK_BYTES, Integer.BYTES + row.length);
        if (rows.remaining() < size) {
          rows = ByteBuffer.allocate(size);
        }
      }
      rows.putInt(row.length).put(row);
    }

    Tuple2<Long, byte[]> take() {
      byte[] bytes = Arrays.copyOf(rows.array(), rows.position());
      rows.clear();
      return new Tuple2<>(firstRank, bytes);
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
    public int getPartition(Object record) {
      return (int) ((EncodedRow.leadingHashBits((byte[]) record) * parts) >>> 32);
    }

    /** The first of the leading hash bits that are in a range. */
    int firstHashBits(int range) {
      return (int) ((((long) range << 32) + parts - 1) / parts);
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
