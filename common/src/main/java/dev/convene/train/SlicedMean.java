package dev.convene.train;

import dev.convene.shard.ByteShuffle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.serializer.SerializerInstance;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The mean of the workers' states made by the executors: slices of all workers meet in Spark's
 * shuffle, each slice is summed in the order of the workers, and only means come to the driver. The
 * bits are those of {@link TrainedRound#of}.
 */
final class SlicedMean {
  private static final ClassTag<WorkerResult<WorkerReport>> REPORT =
      ClassTag$.MODULE$.apply(WorkerResult.class);

  private final StateSlices slices;

  SlicedMean(StateSlices slices) {
    this.slices = slices;
  }

  /** What came to the driver: a mean, which is null if nobody has weight, and reports. */
  record Gathered(TrainingState mean, List<WorkerResult<WorkerReport>> reports) {}

  /**
   * The mean and, in the order of the workers, their reports.
   *
   * @param contributions partition i has worker i's
   */
  Gathered gather(JavaRDD<WorkerResult<Contribution>> contributions) {
    StateSlices sent = slices;
    JavaPairRDD<Long, byte[]> parts =
        JavaPairRDD.fromJavaRDD(
            contributions.mapPartitionsWithIndex(
                (worker, one) -> parts(sent, worker, one.next()), true));
    JavaPairRDD<Long, byte[]> met =
        ByteShuffle.sorted(
            parts,
            new BySlice(slices.count() + 1),
            Comparator.naturalOrder(),
            Long.class,
            byte[].class);
    try {
      return gathered(
          met.values()
              .mapPartitionsWithIndex(
                  (slice, ofWorkers) ->
                      slice < sent.count() ? mean(sent, slice, ofWorkers) : ofWorkers,
                  true)
              .collect(),
          contributions.getNumPartitions());
    } finally {
      // Nobody reads them again.
      met.rdd().cleanShuffleDependencies(false);
    }
  }

  /** A worker's weight with each slice of its state, if it has any; and its report. */
  private static Iterator<Tuple2<Long, byte[]>> parts(
      StateSlices slices, int worker, WorkerResult<Contribution> result) {
    Contribution contribution = result.value();
    byte[] report = serialized(result.with(contribution.report()));
    Stream<Tuple2<Long, byte[]>> last =
        Stream.of(new Tuple2<>(key(slices.count(), worker), report));
    if (!contribution.hasWeight()) {
      return last.iterator();
    }
    Stream<Tuple2<Long, byte[]>> ofState =
        IntStream.range(0, slices.count())
            .mapToObj(
                slice -> new Tuple2<>(key(slice, worker), weighed(slices, slice, contribution)));
    return Stream.concat(ofState, last).iterator();
  }

  private static byte[] weighed(StateSlices slices, int slice, Contribution contribution) {
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES + slices.length(slice) * Float.BYTES);
    bytes.putDouble(contribution.report().sums().weight());
    slices.put(contribution.state(), slice, bytes);
    return bytes.array();
  }

  private static Iterator<byte[]> mean(StateSlices slices, int slice, Iterator<byte[]> ofWorkers) {
    if (!ofWorkers.hasNext()) {
      return ofWorkers;
    }
    byte[] first = ofWorkers.next();
    if (!ofWorkers.hasNext()) {
      // The only one's state goes on as it is, with its negative zeros.
      return List.of(Arrays.copyOfRange(first, Double.BYTES, first.length)).iterator();
    }
    WeightedMean mean = new WeightedMean(slices.length(slice));
    for (byte[] part = first; part != null; part = ofWorkers.hasNext() ? ofWorkers.next() : null) {
      ByteBuffer bytes = ByteBuffer.wrap(part);
      double weight = bytes.getDouble();
      mean.add(weight, slices.get(slice, bytes));
    }
    ByteBuffer bytes = ByteBuffer.allocate(slices.length(slice) * Float.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(mean.rounded());
    return List.of(bytes.array()).iterator();
  }

  /** Of the slices' means, unless nobody has weight, and after them the reports. */
  private Gathered gathered(List<byte[]> collected, int workers) {
    int means = collected.size() - workers;
    TrainingState mean =
        means == 0
            ? null
            : slices.join(collected.subList(0, means).stream().map(ByteBuffer::wrap).toList());
    return new Gathered(
        mean,
        collected.subList(means, collected.size()).stream().map(SlicedMean::deserialized).toList());
  }

  // Spark's own serializer finds classes of a jar that spark-submit brought.

  private static byte[] serialized(WorkerResult<WorkerReport> result) {
    ByteBuffer bytes = serializer().serialize(result, REPORT);
    return Arrays.copyOfRange(
        bytes.array(), bytes.arrayOffset(), bytes.arrayOffset() + bytes.limit());
  }

  private static WorkerResult<WorkerReport> deserialized(byte[] bytes) {
    return serializer().deserialize(ByteBuffer.wrap(bytes), REPORT);
  }

  private static SerializerInstance serializer() {
    return SparkEnv.get().closureSerializer().newInstance();
  }

  private static long key(int slice, int worker) {
    return (long) slice << Integer.SIZE | worker;
  }

  private static final class BySlice extends Partitioner {
    private final int slices;

    BySlice(int slices) {
      this.slices = slices;
    }

    @Override
    public int numPartitions() {
      return slices;
    }

    @Override
    public int getPartition(Object key) {
      return (int) ((Long) key >>> Integer.SIZE);
    }
  }
}
