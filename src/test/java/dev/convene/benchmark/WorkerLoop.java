package dev.convene.benchmark;

import dev.convene.blas.BlasChoice;
import dev.convene.blas.LoadedBlas;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.Initializer;
import dev.convene.optim.Adagrad;
import dev.convene.optim.Adam;
import dev.convene.optim.AdamW;
import dev.convene.optim.Optimizer;
import dev.convene.optim.RmsProp;
import dev.convene.optim.Sgd;
import dev.convene.shard.Shard;
import dev.convene.train.Contribution;
import dev.convene.train.Round;
import dev.convene.train.TrainingState;
import dev.convene.train.Worker;
import dev.ludovic.netlib.blas.BLAS;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Trains one worker without Spark and prints {@code MODEL SECONDS SHARE}: the median seconds of an
 * epoch, and the rate of its matrix products as a share of the fastest that sgemm shows in the same
 * process.
 */
final class WorkerLoop {
  private WorkerLoop() {}

  /**
   * Measures a model.
   *
   * @param arguments the model's name, maybe with an optimizer's ({@code mlp:rmsprop}); a number of
   *     epochs to measure, after one to warm up; MNIST's training files or {@code random} rows;
   *     then maybe a library, as the setting blas.library names it
   */
  public static void main(String[] arguments) throws IOException {
    String[] names = arguments[0].split(":", 2);
    BenchmarkModel model = BenchmarkModel.valueOf(names[0].toUpperCase(Locale.ROOT));
    Optimizer optimizer = names.length > 1 ? optimizer(names[1]) : model.optimizer();
    int epochs = Integer.parseInt(arguments[1]);
    Shard shard =
        arguments[2].equals("random")
            ? BenchmarkModel.randomRows()
            : BenchmarkModel.mnistRows(Path.of(arguments[2]));
    String library = arguments.length > 3 ? arguments[3] : BlasChoice.DEFAULT.library();
    LoadedBlas blas = NativeBlas.load(new BlasChoice(library, BlasChoice.DEFAULT.coreType()));
    Worker worker = new Worker(model.training(optimizer), BenchmarkModel.plan(), blas.blas());
    int steps = BenchmarkModel.ROWS / BenchmarkModel.BATCH;
    TrainingState state =
        TrainingState.initial(
            Initializer.XAVIER.initialParameters(model.network(), 1), optimizer.stateCount());
    double[] seconds = new double[epochs];
    double peak = 0;
    for (int epoch = 0; epoch <= epochs; epoch++) {
      peak = Math.max(peak, peakFlops(blas.blas()));
      long start = System.nanoTime();
      Round round = new Round(epoch + 1, 1, 0, steps, steps, epochs, 1);
      Contribution contribution = worker.train(round, state, shard, 0);
      state = contribution.state();
      if (epoch > 0) {
        seconds[epoch - 1] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    double median = seconds[epochs / 2];
    System.out.printf(
        Locale.ROOT, "%s %.4f %.3f%n", arguments[0], median, model.flopsOfEpoch() / median / peak);
  }

  /** With the defaults of PyTorch. */
  private static Optimizer optimizer(String name) {
    return switch (name) {
      case "sgd" -> Sgd.plain();
      case "adam" -> Adam.withDefaults();
      case "adamw" -> new AdamW(0.9, 0.999, 1e-8, 0.01, false);
      case "rmsprop" -> new RmsProp(0.99, 1e-8, 0, 0, false);
      case "adagrad" -> new Adagrad(0, 0, 1e-10);
      default -> throw new IllegalArgumentException("no optimizer " + name);
    };
  }

  /** The best of several products of square matrices, operations per second. */
  private static double peakFlops(BLAS blas) {
    int n = 512;
    float[] a = new float[n * n];
    float[] b = new float[n * n];
    float[] c = new float[n * n];
    Arrays.fill(a, 0.5f);
    Arrays.fill(b, 0.5f);
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 30; i++) {
      long start = System.nanoTime();
      blas.sgemm("N", "N", n, n, n, 1f, a, 0, n, b, 0, n, 0f, c, 0, n);
      best = Math.min(best, System.nanoTime() - start);
    }
    return 2.0 * n * n * n / best * 1e9;
  }
}
