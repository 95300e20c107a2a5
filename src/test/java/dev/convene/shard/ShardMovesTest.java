package dev.convene.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.shard.ShardMoves.Executor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShardMovesTest {
  private static final Executor ONE = new Executor("1", "host-a", 1);
  private static final Executor TWO = new Executor("2", "host-b", 1);
  private static final Executor WIDE = new Executor("3", "host-c", 4);
  private static final Executor WIDE_TOO = new Executor("4", "host-d", 4);

  private static Map<Integer, Executor> moves(List<Executor> executors, String... holders) {
    return ShardMoves.of(executors, Arrays.asList(holders));
  }

  @Test
  void theSuccessorOfALostExecutorGetsAShard() {
    assertThat(moves(List.of(ONE, TWO), "1", "1")).containsExactly(Map.entry(1, TWO));
  }

  @Test
  void theSuccessorOfALostExecutorGetsAsManyShardsAsItHasSlots() {
    assertThat(moves(List.of(WIDE, WIDE_TOO), "3", "3", "3", "3", "3", "3", "3", "3"))
        .containsOnlyKeys(4, 5, 6, 7)
        .containsValue(WIDE_TOO)
        .doesNotContainValue(WIDE);
  }

  @Test
  void shardsThatTakeTurnsAreSpreadOverSlotsOfAllExecutors() {
    assertThat(moves(List.of(ONE, WIDE), "1", "1", "1", "1", "1")).hasSize(4);
    assertThat(moves(List.of(ONE, TWO), "1", "1", "1")).containsExactly(Map.entry(2, TWO));
  }

  @Test
  void nothingMovesWhereNoTurnWouldBeSaved() {
    assertThat(moves(List.of(ONE, TWO), "1", "2")).isEmpty();
    assertThat(moves(List.of(ONE, TWO), "1", "1", "2")).isEmpty();
    assertThat(moves(List.of(WIDE, WIDE_TOO), "3", "3", "3", "3")).isEmpty();
    assertThat(moves(List.of(WIDE, WIDE_TOO), "3", "3", "3", "3", "3", "4", "4", "4", "4"))
        .isEmpty();
    assertThat(moves(List.of(), "1", "1")).isEmpty();
  }

  @Test
  void shardsOfExecutorsThatHaveGoneStayOut() {
    assertThat(moves(List.of(ONE, TWO), "9", null, "1")).isEmpty();
  }
}
