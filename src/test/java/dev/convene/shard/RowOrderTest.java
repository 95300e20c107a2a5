package dev.convene.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.nn.RowBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowOrderTest {
  private static final int ROWS = 97;

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 96, 97, 200})
  void hasEveryRowOnce(int rowsOfBlock) {
    Shard shard = shard(rowsOfBlock);
    assertThat(shard.rows()).isEqualTo(ROWS);
    assertThat(order(RowOrder.unshuffled(shard), ROWS)).isEqualTo(ascending());
    for (int epoch = 1; epoch <= 3; epoch++) {
      int[] order = order(RowOrder.shuffled(shard, 5, epoch, 0), ROWS);
      assertThat(order).isNotEqualTo(ascending());
      Arrays.sort(order);
      assertThat(order).isEqualTo(ascending());
    }
  }

  @Test
  void isDecidedBySeedEpochAndWorker() {
    Shard shard = shard(10);
    int[] order = order(RowOrder.shuffled(shard, 5, 1, 0), ROWS);

    assertThat(order(RowOrder.shuffled(shard, 5, 1, 0), ROWS)).isEqualTo(order);
    assertThat(order(RowOrder.shuffled(shard, 6, 1, 0), ROWS)).isNotEqualTo(order);
    assertThat(order(RowOrder.shuffled(shard, 5, 2, 0), ROWS)).isNotEqualTo(order);
    assertThat(order(RowOrder.shuffled(shard, 5, 1, 1), ROWS)).isNotEqualTo(order);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 10, 23, 50})
  void isTheSamePieceByPieceFromAnyPlace(int pieceRows) {
    int[] whole = order(RowOrder.shuffled(shard(10), 5, 1, 0), ROWS);

    assertThat(order(RowOrder.shuffled(shard(10), 5, 1, 0), pieceRows)).isEqualTo(whole);
    RowBuffer row = RowBuffer.of(1, 2, 1);
    for (int place = ROWS - 1; place >= 0; place--) {
      RowOrder.shuffled(shard(10), 5, 1, 0).copy(place, 1, row);
      assertThat(row.targets()[0]).isEqualTo(whole[place]);
    }
  }

  @Test
  void takesBlockByBlockAndShufflesWithin() {
    int[] order = order(RowOrder.shuffled(shard(10), 5, 1, 0), ROWS);

    List<Integer> blocks = new ArrayList<>();
    for (int row : order) {
      if (blocks.isEmpty() || blocks.get(blocks.size() - 1) != row / 10) {
        blocks.add(row / 10);
      }
    }
    assertThat(blocks).hasSize(10).doesNotHaveDuplicates();
    assertThat(blocks).isNotEqualTo(blocks.stream().sorted().toList());
    int[] firstBlock = Arrays.copyOf(order, 7);
    assertThat(firstBlock).isNotEqualTo(Arrays.stream(firstBlock).sorted().toArray());
  }

  /** Row i has the features i and -i, the target i and the weight 1 / (1 + i). */
  private static Shard shard(int rowsOfBlock) {
    List<Block> blocks = new ArrayList<>();
    for (int from = 0; from < ROWS; from += rowsOfBlock) {
      int rows = Math.min(rowsOfBlock, ROWS - from);
      RowBuffer buffer = RowBuffer.of(rows, 2, 1);
      for (int i = 0; i < rows; i++) {
        buffer.x()[2 * i] = from + i;
        buffer.x()[2 * i + 1] = -from - i;
        buffer.targets()[i] = from + i;
        buffer.weights()[i] = 1f / (1 + from + i);
      }
      blocks.add(Block.of(rows, 2, 1, buffer));
    }
    return new Shard(blocks);
  }

  private static int[] order(RowOrder order, int pieceRows) {
    int[] rows = new int[ROWS];
    for (int from = 0; from < ROWS; from += pieceRows) {
      int n = Math.min(pieceRows, ROWS - from);
      RowBuffer piece = RowBuffer.of(n, 2, 1);
      order.copy(from, n, piece);
      double weight = 0;
      for (int i = 0; i < n; i++) {
        float target = piece.targets()[i];
        assertThat(piece.x()[2 * i]).isEqualTo(target);
        assertThat(piece.x()[2 * i + 1]).isEqualTo(-target);
        assertThat(piece.weights()[i]).isEqualTo(1 / (1 + target));
        rows[from + i] = (int) target;
        weight += 1 / (1 + target);
      }
      assertThat(order.weight(from, n)).isEqualTo(weight);
    }
    return rows;
  }

  private static int[] ascending() {
    int[] rows = new int[ROWS];
    Arrays.setAll(rows, i -> i);
    return rows;
  }
}
