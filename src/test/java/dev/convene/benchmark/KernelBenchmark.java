package dev.convene.benchmark;

import dev.convene.blas.NativeBlas;
import dev.convene.nn.Backpropagation;
import dev.convene.nn.Initializer;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import dev.convene.optim.Step;
import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import dev.convene.train.TrainingState;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time of one minibatch step of 100 rows, and of its parts. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class KernelBenchmark {
  @Param({"SOFTMAX", "MLP", "DROPOUT"})
  BenchmarkModel model;

  private RowBuffer batch;
  private float[] gradient;
  private Shard shard;
  private RowOrder order;
  private TrainingState state;
  private Backpropagation backpropagation;
  private int minibatch;
  private long steps;
  private double rate;

  @Setup(Level.Trial)
  public void prepare() {
    shard = BenchmarkModel.randomRows();
    order = RowOrder.shuffled(shard, 1, 1, 0);
    state =
        TrainingState.initial(
            Initializer.XAVIER.initialParameters(model.network(), 1),
            model.optimizer().stateCount());
    rate = model.schedule().rate(new Step(1, 1, 1, 1));
    backpropagation =
        new Backpropagation(model.network(), BenchmarkModel.BATCH, NativeBlas.load().blas());
    gradient = new float[model.network().parameterCount()];
    batch = RowBuffer.of(BenchmarkModel.BATCH, model.network());
    copyMinibatch();
  }

  /** Collecting the rows, forward and backward pass, the optimizer's step. */
  @Benchmark
  public void step() {
    copyMinibatch();
    steps++;
    propagate((layerGradient, offset, length) -> optimize(layerGradient, offset, offset + length));
  }

  /** Collecting the rows of a minibatch. */
  @Benchmark
  public float[] copyMinibatch() {
    minibatch = (minibatch + 1) % (BenchmarkModel.ROWS / BenchmarkModel.BATCH);
    order.copy(minibatch * BenchmarkModel.BATCH, BenchmarkModel.BATCH, batch);
    return batch.x();
  }

  /** Forward and backward pass. */
  @Benchmark
  public void gradient() {
    propagate((layerGradient, offset, length) -> {});
  }

  /** The optimizer's step. */
  @Benchmark
  public float[] optimize() {
    steps++;
    optimize(gradient, 0, gradient.length);
    return state.parameters();
  }

  private void optimize(float[] layerGradient, int from, int to) {
    model
        .optimizer()
        .step(steps, rate, state.parameters(), layerGradient, state.optimizerStates(), from, to);
  }

  private void propagate(Backpropagation.GradientConsumer consumer) {
    backpropagation.propagate(
        state.parameters(),
        batch,
        BenchmarkModel.BATCH,
        0,
        BenchmarkModel.BATCH,
        BenchmarkModel.BATCH,
        RandomStream.of(1, Purpose.DROPOUT, minibatch),
        consumer);
  }
}
