package dev.convene.optim;

import static dev.convene.GoldenNumbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps reckoned by hand, and what holds for every optimizer. */
class OptimizersTest {

  @Test
  void defaultsArePyTorchs() {
    assertThat(Adam.withDefaults()).isEqualTo(new Adam(0.9, 0.999, 1e-8, 0, false));
    assertThat(Sgd.plain()).isEqualTo(new Sgd(0, 0, false, 0));
  }

  @Test
  void dampeningBeginsWithTheSecondStep() {
    // Velocity 4, then 0.5 * 4 + (1 - 0.25) * 4 = 5; parameter 10 - 4 - 5.
    assertThat(path(new Sgd(0.5, 0.25, false, 0), 1, 10, 4, 4)).containsExactly(6, 1);
  }

  @Test
  void nesterovLooksAheadByTheMomentum() {
    // Velocity 4, step 4 + 0.5 * 4; velocity 0.5 * 4 + 2 = 4, step 2 + 0.5 * 4.
    assertThat(path(new Sgd(0.5, 0, true, 0), 1, 10, 4, 2)).containsExactly(4, 0);
  }

  @Test
  void weightDecayIsAddedToTheGradient() {
    // 8 - 0.5 * (2 + 0.25 * 8), then 6 - 0.5 * (-1.5 + 0.25 * 6).
    assertThat(path(new Sgd(0, 0, false, 0.25), 0.5, 8, 2, -1.5f)).containsExactly(6, 6);
    // Adam's first step is the rate in the gradient's direction, here that of -1 + 0.5 * 8.
    assertClose(
        "adam", path(new Adam(0.9, 0.999, 0, 0.5, false), 1, 8, -1), new float[] {7}, 1e-6, 0);
  }

  @Test
  void adamDividesTheMeanByTheRootMeanSquare() {
    // With both betas 0.5: means 2 and (1 - 8) = -3, of squares 8 and 4 + 32 = 36; corrected by
    // 1 - 0.5 and 1 - 0.25: steps 4 / 4 and -4 / sqrt(48).
    double second = 9 + 4 / Math.sqrt(48);
    assertClose(
        "adam",
        path(new Adam(0.5, 0.5, 0, 0, false), 1, 10, 4, -8),
        new float[] {9, (float) second},
        1e-6,
        0);
  }

  @Test
  void amsgradDividesByTheLargestMeanSquare() {
    // With both betas 0.5: means 4 and 2, of squares 32 and 16, of which 32 stays; corrected by
    // 1 - 0.5 and 1 - 0.25: steps 8 / 8 and (2 / 0.75) / sqrt(32 / 0.75).
    double second = 9 - 2 / 0.75 / Math.sqrt(32 / 0.75);
    assertClose(
        "amsgrad",
        path(new Adam(0.5, 0.5, 0, 0, true), 1, 10, 8, 0),
        new float[] {9, (float) second},
        1e-6,
        0);
  }

  @Test
  void epsIsAddedToTheCorrectedRoot() {
    // Corrected mean and root are 3: step 3 / (3 + 1).
    assertClose(
        "adam", path(new Adam(0.9, 0.999, 1, 0, false), 1, 1, 3), new float[] {0.25f}, 1e-6, 0);
  }

  @Test
  void epsOfSparseAdamIsAddedToTheUncorrectedRoot() {
    // Mean 0.5 * 3, root sqrt(0.75 * 9 / 3) = 1.5: step sqrt(0.25) / 0.5 * 1.5 / (1.5 + 0.5).
    assertClose(
        "sparse adam", path(new SparseAdam(0.5, 0.75, 0.5), 1, 1, 3), new float[] {0.25f}, 1e-6, 0);
  }

  /** Whoever says that a step with a gradient of 0 changes nothing has to mean it. */
  @ParameterizedTest
  @MethodSource("all")
  void whatStaysUntouchedStays(Optimizer optimizer) {
    int n = 9;
    float[] parameters = wave(n, 1);
    float[][] states = new float[optimizer.stateCount()][n];
    optimizer.step(1, 0.1, parameters, wave(n, 2), states, 0, n);
    float[] parametersBefore = parameters.clone();
    float[][] statesBefore = Arrays.stream(states).map(float[]::clone).toArray(float[][]::new);

    optimizer.step(2, 0.1, parameters, new float[n], states, 0, n);

    boolean stays =
        Arrays.equals(parameters, parametersBefore) && Arrays.deepEquals(states, statesBefore);
    assertThat(stays).isEqualTo(optimizer.untouched() == Untouched.STAY);
  }

  static List<Optimizer> all() {
    return List.of(
        Sgd.plain(),
        new Sgd(0.9, 0.5, false, 0.01),
        new Sgd(0.9, 0, true, 0),
        Adam.withDefaults(),
        new Adam(0.9, 0.99, 1e-8, 0.01, true),
        new AdamW(0.9, 0.99, 1e-8, 0.01, true),
        new SparseAdam(0.9, 0.99, 1e-8),
        new Adamax(0.9, 0.99, 1e-8, 0.01),
        new Adagrad(0.1, 0.01, 1e-10),
        new Adagrad(0.1, 0, 1e-10),
        new Adadelta(0.9, 1e-6, 0.01),
        new RmsProp(0.99, 1e-8, 0.01, 0, false),
        new RmsProp(0.99, 1e-8, 0.01, 0.9, true),
        new Asgd(1e-4, 0.75, 1, 0.01),
        new Rprop(0.5, 1.2, 0, 50));
  }

  @ParameterizedTest
  @MethodSource("all")
  void stepsPieceByPieceAsAtOnce(Optimizer optimizer) {
    int n = 37;
    float[] whole = wave(n, 1);
    float[] pieces = wave(n, 1);
    float[][] statesOfWhole = new float[optimizer.stateCount()][n];
    float[][] statesOfPieces = new float[optimizer.stateCount()][n];
    for (int step = 1; step <= 3; step++) {
      optimizer.step(step, 0.1, whole, wave(n, step + 1), statesOfWhole, 0, n);
      float[] gradient = wave(n, step + 1);
      optimizer.step(step, 0.1, pieces, gradient, statesOfPieces, 20, n);
      optimizer.step(step, 0.1, pieces, gradient, statesOfPieces, 0, 20);
    }
    assertThat(whole).isNotEqualTo(wave(n, 1));
    assertThat(pieces).isEqualTo(whole);
    assertThat(Arrays.deepEquals(statesOfPieces, statesOfWhole)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("all")
  void takesTheRateItIsGiven(Optimizer optimizer) {
    float[] still = wave(9, 1);
    optimizer.step(1, 0, still, wave(9, 2), new float[optimizer.stateCount()][9], 0, 9);
    assertThat(still).isEqualTo(wave(9, 1));
  }

  /** A single parameter after each of the steps with these gradients. */
  private static float[] path(Optimizer optimizer, double rate, float start, float... gradients) {
    float[] parameter = {start};
    float[][] states = new float[optimizer.stateCount()][1];
    float[] path = new float[gradients.length];
    for (int i = 0; i < path.length; i++) {
      optimizer.step(i + 1, rate, parameter, new float[] {gradients[i]}, states, 0, 1);
      path[i] = parameter[0];
    }
    return path;
  }

  private static float[] wave(int n, int frequency) {
    float[] wave = new float[n];
    for (int i = 0; i < n; i++) {
      wave[i] = (float) Math.sin(1 + i * frequency);
    }
    return wave;
  }
}
