package dev.convene.shard;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which shards go to another executor so that fewer of them wait for each other. */
final class ShardMoves {
  /**
   * An executor.
   *
   * @param slots tasks that it runs side by side, at least 1
   */
  record Executor(String id, String host, int slots) {
    /** How many tasks its busiest slot runs, one after the other. */
    private int turns(int shards) {
      return (shards + slots - 1) / slots;
    }
  }

  private ShardMoves() {}

  /**
   * The fewest moves after which no other would make the busiest executor's turns fewer.
   *
   * @param executors those that can run tasks
   * @param holders each shard's executor; one of no executor here, such as null, stays out of it
   * @return shards by number, each with the executor that it goes to
   */
  static Map<Integer, Executor> of(List<Executor> executors, List<String> holders) {
    Map<Integer, Executor> moves = new LinkedHashMap<>();
    Map<Executor, Deque<Integer>> held = new LinkedHashMap<>();
    for (Executor executor : executors) {
      Deque<Integer> shards = new ArrayDeque<>();
      for (int shard = 0; shard < holders.size(); shard++) {
        if (executor.id.equals(holders.get(shard))) {
          shards.add(shard);
        }
      }
      held.put(executor, shards);
    }
    while (!held.isEmpty()) {
      Comparator<Executor> byTurns =
          Comparator.comparingInt(executor -> executor.turns(held.get(executor).size()));
      Comparator<Executor> byTurnsWithOneMore =
          Comparator.comparingInt(executor -> executor.turns(held.get(executor).size() + 1));
      Executor from = held.keySet().stream().max(byTurns).orElseThrow();
      Executor to = held.keySet().stream().min(byTurnsWithOneMore).orElseThrow();
      if (from.turns(held.get(from).size()) <= to.turns(held.get(to).size() + 1)) {
        break;
      }
      Integer shard = held.get(from).removeLast();
      held.get(to).addFirst(shard);
      moves.put(shard, to);
    }
    return moves;
  }
}
