package dev.convene.shard;

import dev.convene.shard.ShardMoves.Executor;
import java.util.List;
import java.util.Map;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Shards whose tasks shall run on executors that are named. */
final class PlacedBlocks extends RDD<Block> {
  private final transient Map<Integer, Executor> places;

  PlacedBlocks(JavaRDD<Block> blocks, Map<Integer, Executor> places) {
    super(blocks.rdd(), blocks.classTag());
    this.places = places;
  }

  @Override
  public Partition[] getPartitions() {
    return firstParent(elementClassTag()).partitions();
  }

  @Override
  public Iterator<Block> compute(Partition shard, TaskContext task) {
    RDD<Block> blocks = firstParent(elementClassTag());
    return blocks.iterator(shard, task);
  }

  /** In the form of Spark's ExecutorCacheTaskLocation. */
  @Override
  public Seq<String> getPreferredLocations(Partition shard) {
    Executor place = places.get(shard.index());
    List<String> locations =
        place == null ? List.of() : List.of("executor_" + place.host() + "_" + place.id());
    return JavaConverters.asScalaBuffer(locations).toSeq();
  }
}
