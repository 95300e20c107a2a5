package dev.convene.shard;

import dev.convene.shard.ShardMoves.Executor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BlockManagerMaster;
import org.apache.spark.storage.RDDBlockId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Where the executors keep shards. Spark sends a task to the executor that has its shard cached and
 * makes others wait for it; an executor that came later than the shards, as the successor of one
 * that was lost does, would never get one.
 */
final class ShardCache {
  private static final Logger LOG = LoggerFactory.getLogger(ShardCache.class);
  private static final String JOB_DESCRIPTION = "spark.job.description";
  private static final long SECONDS_TO_REMOVE = 10;

  private final JavaRDD<Block> blocks;
  private final SparkContext spark;

  /** Each shard is sent to an executor once, and not again if Spark has it computed elsewhere. */
  private final Set<String> moved = new HashSet<>();

  ShardCache(JavaRDD<Block> blocks) {
    this.blocks = blocks;
    this.spark = blocks.context();
  }

  /** Moves shards that take turns on one executor to others that have slots to spare. */
  void spread() {
    if (spark.isLocal()) {
      return;
    }
    Map<Integer, Executor> moves = ShardMoves.of(executors(), holders());
    moves.entrySet().removeIf(move -> !moved.add(move.getKey() + "@" + move.getValue().id()));
    if (moves.isEmpty()) {
      return;
    }
    moves.forEach(
        (shard, executor) ->
            LOG.info(
                "Shard {} moves to executor {} of {}, which has come meanwhile",
                shard,
                executor.id(),
                executor.host()));
    moves.keySet().forEach(this::remove);
    String callersDescription = spark.getLocalProperty(JOB_DESCRIPTION);
    spark.setJobDescription("Convene: shards go to executors that came later");
    try {
      new PlacedBlocks(blocks, moves)
          .toJavaRDD()
          .mapPartitions(
              shard -> {
                // Reading is what caches them.
                shard.forEachRemaining(block -> {});
                return Collections.emptyIterator();
              })
          .collectPartitions(moves.keySet().stream().mapToInt(Integer::intValue).toArray());
    } finally {
      spark.setJobDescription(callersDescription);
    }
  }

  /** Those that can run tasks and keep blocks. */
  private List<Executor> executors() {
    int cpusPerTask = spark.getConf().getInt("spark.task.cpus", 1);
    List<Executor> executors = new ArrayList<>();
    for (ExecutorSummary each :
        JavaConverters.seqAsJavaList(spark.statusStore().executorList(true))) {
      int slots = each.totalCores() / cpusPerTask;
      // Until its store of blocks is there, it runs no task.
      if (slots > 0 && each.maxMemory() > 0 && !each.isExcluded()) {
        String hostPort = each.hostPort();
        executors.add(
            new Executor(each.id(), hostPort.substring(0, hostPort.lastIndexOf(':')), slots));
      }
    }
    return executors;
  }

  /** The executor of each shard; null of one that is not cached. */
  private List<String> holders() {
    BlockId[] ids =
        IntStream.range(0, blocks.getNumPartitions())
            .mapToObj(this::blockId)
            .toArray(BlockId[]::new);
    List<String> holders = new ArrayList<>();
    for (Seq<BlockManagerId> locations :
        JavaConverters.seqAsJavaList(blockManagers().getLocations(ids))) {
      holders.add(locations.isEmpty() ? null : locations.head().executorId());
    }
    return holders;
  }

  /** Waits until it is gone: else it would be read from there, and stay there. */
  private void remove(int shard) {
    BlockId id = blockId(shard);
    blockManagers().removeBlock(id);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_REMOVE);
    while (!blockManagers().getLocations(id).isEmpty() && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private BlockId blockId(int shard) {
    return new RDDBlockId(blocks.id(), shard);
  }

  private static BlockManagerMaster blockManagers() {
    return SparkEnv.get().blockManager().master();
  }
}
