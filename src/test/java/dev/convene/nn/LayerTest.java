package dev.convene.nn;

import static dev.convene.Ones.ones;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convene.nn.RandomStream.Purpose;
import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A network of layers that are not all ours: backpropagation knows nothing but the interface. */
class LayerTest {
  private static final int ROWS = 5;
  private static final BLAS JAVA = JavaBLAS.getInstance();

  /**
   * y = s x with a factor for each unit, in place on scoring and into another array in training.
   */
  private record Scaling(int width, int offset) implements Layer {
    @Override
    public int inputs() {
      return width;
    }

    @Override
    public int outputs() {
      return width;
    }

    @Override
    public int parameterCount() {
      return width;
    }

    @Override
    public void initialize(float[] parameters, Initializer initializer, RandomStream random) {
      for (int i = 0; i < width; i++) {
        parameters[offset + i] = 1;
      }
    }

    @Override
    public float[] outputs(BLAS blas, float[] parameters, float[] x, int rows, float[] spare) {
      scale(parameters, x, rows, x);
      return x;
    }

    private void scale(float[] parameters, float[] x, int rows, float[] y) {
      for (int i = 0; i < rows * width; i++) {
        y[i] = parameters[offset + i % width] * x[i];
      }
    }

    @Override
    public LayerTraining training(int maxRows, Workspace workspace) {
      float[] y = new float[maxRows * width];
      return new LayerTraining() {
        private float[] x;

        @Override
        public float[] forward(
            float[] parameters, float[] in, int rows, int firstRow, RandomStream random) {
          x = in;
          scale(parameters, in, rows, y);
          return y;
        }

        @Override
        public float[] inputGradient(float[] parameters, float[] dy, int rows, float[] spare) {
          scale(parameters, dy, rows, spare);
          return spare;
        }

        @Override
        public void parameterGradient(float[] dy, int rows, float[] gradient, boolean accumulate) {
          for (int unit = 0; unit < width; unit++) {
            float sum = accumulate ? gradient[offset + unit] : 0;
            for (int row = 0; row < rows; row++) {
              sum += dy[row * width + unit] * x[row * width + unit];
            }
            gradient[offset + unit] = sum;
          }
        }
      };
    }
  }

  private static final List<Layer> LAYERS =
      List.of(
          new DenseLayer(3, 4, 0),
          new Scaling(4, 16),
          new ActivationLayer(Activation.TANH, 0, 4, 0),
          new DenseLayer(4, 2, 20),
          new Scaling(2, 30));

  @Test
  void backpropagationGoesThroughAnyLayer() {
    RowBuffer batch = new RowBuffer(normal(ROWS * 3, 1), normal(ROWS * 2, 2), ones(ROWS));
    float[] parameters = normal(32, 3);
    float[] gradient = new float[32];
    List<Integer> offsets = new ArrayList<>();

    Backpropagation backpropagation =
        new Backpropagation(LAYERS, Loss.MEAN_SQUARED_ERROR, 0, ROWS, JAVA);
    backpropagation.propagate(
        parameters,
        batch,
        ROWS,
        0,
        ROWS,
        ROWS,
        RandomStream.of(1, Purpose.DROPOUT),
        (found, offset, length) -> {
          offsets.add(offset);
          System.arraycopy(found, offset, gradient, offset, length);
        });

    assertThat(offsets).containsExactly(30, 20, 16, 0);
    assertThat(backpropagation.lossSum()).isCloseTo(loss(parameters, batch), within(1e-4));
    float h = 0x1p-7f;
    for (int i = 0; i < parameters.length; i++) {
      float[] above = parameters.clone();
      float[] below = parameters.clone();
      above[i] += h;
      below[i] -= h;
      double numeric = (loss(above, batch) - loss(below, batch)) / (2 * h) / ROWS;
      // The error of central differences is of the order of h squared, 6e-5.
      assertThat((double) gradient[i]).isCloseTo(numeric, within(1e-3 * (1 + Math.abs(numeric))));
    }
  }

  @Test
  void rowsStayAsTheyAre() {
    float[] x = normal(ROWS * 3, 1);
    float[] before = x.clone();

    new LayersForwardPass(LAYERS, ROWS, JAVA).outputs(normal(32, 3), x, ROWS);

    assertThat(x).isEqualTo(before);
  }

  private static double loss(float[] parameters, RowBuffer batch) {
    float[] outputs =
        new LayersForwardPass(LAYERS, ROWS, JAVA).outputs(parameters, batch.x(), ROWS);
    return Loss.MEAN_SQUARED_ERROR.weightedSum(outputs, batch, ROWS, 2);
  }

  private static float[] normal(int n, int seed) {
    RandomStream random = RandomStream.of(seed, Purpose.INITIAL_PARAMETERS);
    float[] numbers = new float[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
