package dev.convene.train;

import dev.convene.blas.LoadedBlas;
import dev.convene.blas.NativeBlas;
import dev.convene.shard.Block;
import dev.convene.shard.Shard;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import scala.Function2;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * A task for each shard. A class, since Spark's ClosureCleaner reads the byte code around every
 * Scala closure of a job anew, those of collect() and map() too: two thirds of what the driver did
 * in a round of a small network.
 */
final class ShardJob<T> extends AbstractFunction2<TaskContext, Iterator<Block>, WorkerResult<T>>
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** What is done with a state and a shard, whose number counts from 0. */
  interface ShardTask<T> extends Serializable {
    T run(TrainingState state, Shard shard, int number);
  }

  private final Broadcast<TrainingState> state;
  private final ShardTask<T> task;

  ShardJob(Broadcast<TrainingState> state, ShardTask<T> task) {
    this.state = state;
    this.task = task;
  }

  /** The results in the order of the shards. */
  List<WorkerResult<T>> collect(JavaRDD<Block> shards) {
    List<WorkerResult<T>> results =
        new ArrayList<>(Collections.nCopies(shards.getNumPartitions(), null));
    Function2<Object, WorkerResult<T>, BoxedUnit> set =
        (index, result) -> {
          results.set((int) index, result);
          return BoxedUnit.UNIT;
        };
    ClassTag<WorkerResult<T>> type = ClassTag$.MODULE$.apply(WorkerResult.class);
    shards.context().runJob(shards.rdd(), this, set, type);
    return results;
  }

  /** The results where they were made. */
  JavaRDD<WorkerResult<T>> results(JavaRDD<Block> shards) {
    return shards.mapPartitionsWithIndex(
        (index, blocks) -> List.of(result(index, blocks)).iterator(), false);
  }

  @Override
  public WorkerResult<T> apply(TaskContext context, Iterator<Block> blocks) {
    return result(context.partitionId(), JavaConverters.asJavaIterator(blocks));
  }

  private WorkerResult<T> result(int index, java.util.Iterator<Block> blocks) {
    LoadedBlas blas = NativeBlas.load();
    List<Block> shard = new ArrayList<>();
    blocks.forEachRemaining(shard::add);
    T value = task.run(state.value(), new Shard(shard), index);
    return new WorkerResult<>(
        value, SparkEnv.get().blockManager().blockManagerId().host(), blas.describe());
  }
}
