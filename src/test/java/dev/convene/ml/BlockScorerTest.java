package dev.convene.ml;

import static dev.convene.GoldenNumbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.Collections;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of few other numbers than zeros among others. */
class BlockScorerTest {
  private static final int INPUTS = 96;

  private static DenseNetwork network(Integer... hidden) {
    return DenseNetwork.of(
        INPUTS, List.of(hidden), 3, Activation.TANH, 0, Loss.SOFTMAX_CROSS_ENTROPY);
  }

  private static BlockScorer scorer(DenseNetwork network) {
    float[] parameters = Initializer.PYTORCH.initialParameters(network, 5);
    return new BlockScorer(network, parameters, 16, JavaBLAS.getInstance());
  }

  /** With so many numbers that are not 0. */
  private static Vector row(int nonZeros) {
    double[] x = new double[INPUTS];
    for (int i = 0; i < nonZeros; i++) {
      x[(7 * i + nonZeros) % INPUTS] = 0.5 - i;
    }
    return Vectors.dense(x);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void haveTheOutputsThatTheyHaveAsDenseRows(int hiddenLayers) {
    DenseNetwork network = network(Collections.nCopies(hiddenLayers, 5).toArray(Integer[]::new));
    BlockScorer scorer = scorer(network);
    int[] nonZeros = {96, 1, 3, 4, 0, 50, 2};
    float[] dense = new float[nonZeros.length * INPUTS];
    for (int row = 0; row < nonZeros.length; row++) {
      Vector vector = row(nonZeros[row]);
      scorer.features().add(row % 2 == 0 ? vector : vector.toSparse());
      for (int i = 0; i < INPUTS; i++) {
        dense[row * INPUTS + i] = (float) vector.apply(i);
      }
    }
    assertThat(scorer.features().denseRows()).as("of more than a 32nd").isEqualTo(3);
    BlockScorer ofDenseRows = scorer(network);
    ofDenseRows.features().addAll(dense, 0, nonZeros.length);

    BlockOutputs found = scorer.score();

    BlockOutputs expected = ofDenseRows.score();
    assertThat(found.rows()).isEqualTo(nonZeros.length);
    for (int row = 0; row < nonZeros.length; row++) {
      for (int i = 0; i < 3; i++) {
        assertClose("row " + row, found.ofRow(row)[i], expected.ofRow(row)[i], 1e-5, 1e-5);
      }
    }
  }

  @Test
  void areTheSameBitsInEitherFormAndBesideAnyOthers() {
    BlockScorer scorer = scorer(network(5));
    scorer.features().add(row(2));
    double[] alone = scorer.score().ofRow(0);
    scorer.features().clear();
    for (int others : new int[] {60, 1, 90}) {
      scorer.features().add(row(others));
    }
    scorer.features().add(row(2).toSparse());

    assertThat(scorer.score().ofRow(3)).isEqualTo(alone);
  }
}
