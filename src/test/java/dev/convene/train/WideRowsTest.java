package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.RowBuffer;
import dev.convene.optim.Sgd;
import dev.convene.shard.Block;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows and layers so wide that not many go through a network at a time. */
class WideRowsTest {
  private static final BLAS NATIVE = NativeBlas.load(BlasChoice.DEFAULT).blas();

  /** Of which 1,024 rows are more numbers than an array has. */
  private static final int FEATURES = 1 << 21;

  private static final int ROWS = 1 << 10;

  /** Rows that are all alike: feature 7 is 2, the target 3. */
  private static Shard alike() {
    RowBuffer row = RowBuffer.of(1, FEATURES, 1);
    row.x()[7] = 2;
    row.targets()[0] = 3;
    return new Shard(Collections.nCopies(ROWS, Block.of(1, FEATURES, 1, row)));
  }

  @Test
  void aFullBatchOfThemIsOneStepAndIsValidated() {
    Plan plan = Plan.of(Plan.linearRegression(FEATURES), Sgd.plain(), 0.25);
    List<Shard> shard = List.of(alike());

    TrainingResult result =
        plan.loop(plan.workers(NATIVE, shard, shard)).run(new float[FEATURES + 1]);

    // Loss 3^2; gradient -2 * 3 * 2 and -2 * 3; then 6 + 1.5 is predicted.
    EpochRecord epoch = result.history().get(0);
    assertThat(epoch.examples()).isEqualTo(ROWS);
    assertThat(epoch.trainLoss()).isCloseTo(9, within(1e-4));
    assertThat(result.parameters()[7]).isCloseTo(3f, within(1e-4f));
    assertThat(result.parameters()[FEATURES]).isCloseTo(1.5f, within(1e-4f));
    assertThat(result.parameters()[8]).isZero();
    assertThat(epoch.validationLoss()).isCloseTo(4.5 * 4.5, within(1e-3));
  }

  @ParameterizedTest
  @CsvSource({
    // 64 MB of the widest layer's float32
    "784, 256, 1024",
    "16384, 8, 1024",
    "16385, 8, 1023",
    "262144, 8, 64",
    "8, 2097152, 8",
    "33554432, 1, 1",
  })
  void asManyRowsGoThroughAsMemoryAllows(int inputs, int hidden, int rows) {
    DenseNetwork network = Plan.classifier(inputs, List.of(hidden), 2, 0);

    assertThat(Worker.rowsAtATime(network)).isEqualTo(rows);
  }

  @ParameterizedTest
  @CsvSource({"2097152, 256", "4, 100000000"})
  void aNetworkThatCannotFitIsRefused(int inputs, int hidden) {
    DenseNetwork network = Plan.classifier(inputs, List.of(hidden), 2, 0);
    long gigabyte = 1L << 30;

    assertThatThrownBy(() -> HeapCheck.requireRoomFor(network, 2, gigabyte))
        .isInstanceOfSatisfying(
            ConveneException.class,
            failure -> assertThat(failure.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessageMatching(
            "a network of \\d+ parameters, "
                + Math.max(inputs, hidden)
                + " numbers wide, takes at least \\d+ MB to train, and the JVM has 1024 MB: make"
                + " layers narrower or features fewer, or give Spark more memory \\(--driver-memory,"
                + " --executor-memory\\)");
    HeapCheck.requireRoomFor(network, 2, 64 * gigabyte);
  }
}
