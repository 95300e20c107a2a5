package dev.convene.benchmark;

import dev.convene.nn.Activation;
import dev.convene.nn.DenseLayer;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.nn.RowBuffer;
import dev.convene.optim.Adam;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Plateau;
import dev.convene.optim.Schedule;
import dev.convene.optim.Sgd;
import dev.convene.shard.Block;
import dev.convene.shard.Shard;
import dev.convene.train.Averaging;
import dev.convene.train.AveragingPeriod;
import dev.convene.train.DenseTraining;
import dev.convene.train.DivergenceRule;
import dev.convene.train.EarlyStopping;
import dev.convene.train.Minibatches;
import dev.convene.train.StepConstraints;
import dev.convene.train.TrainingPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/** The lecture's three models, on MNIST's rows or on random ones of their shape. */
public enum BenchmarkModel {
  SOFTMAX,
  MLP,
  DROPOUT;

  static final int ROWS = 60_000;
  static final int PIXELS = 784;
  static final int CLASSES = 10;
  static final int BATCH = 100;

  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";

  DenseNetwork network() {
    return switch (this) {
      case SOFTMAX -> network(List.of(), 0);
      case MLP -> network(List.of(256, 256), 0);
      case DROPOUT -> network(List.of(512, 512, 512, 512), 0.3);
    };
  }

  private static DenseNetwork network(List<Integer> hidden, double dropout) {
    return DenseNetwork.of(
        PIXELS, hidden, CLASSES, Activation.RELU, dropout, Loss.SOFTMAX_CROSS_ENTROPY);
  }

  DenseTraining training() {
    return training(optimizer());
  }

  DenseTraining training(Optimizer optimizer) {
    return new DenseTraining(
        network(), Initializer.XAVIER, optimizer, schedule(), StepConstraints.NONE);
  }

  Optimizer optimizer() {
    return this == SOFTMAX ? Sgd.plain() : Adam.withDefaults();
  }

  Schedule schedule() {
    return Schedule.constant(this == SOFTMAX ? 0.1 : 0.001);
  }

  static TrainingPlan plan() {
    return new TrainingPlan(
        1,
        Double.POSITIVE_INFINITY,
        1,
        new Minibatches(BATCH, 1, true, false),
        Averaging.plain(AveragingPeriod.ONCE_AN_EPOCH),
        Plateau.NONE,
        EarlyStopping.NEVER,
        new DivergenceRule(true, Double.MAX_VALUE));
  }

  /** Floating-point operations of an epoch's matrix products; the first layer has no input's. */
  double flopsOfEpoch() {
    double flops = 0;
    for (DenseLayer layer : network().layers()) {
      int products = layer.offset() == 0 ? 2 : 3;
      flops += 2.0 * products * layer.inputs() * layer.outputs() * ROWS;
    }
    return flops;
  }

  /** One worker's rows, random ones: four of five pixels are black, as in MNIST. */
  static Shard randomRows() {
    Random random = new Random(1);
    return shard(
        () -> random.nextInt(5) == 0 ? random.nextInt(256) : 0, () -> random.nextInt(CLASSES));
  }

  /**
   * One worker's rows: MNIST's training rows, pixels from 0 to 1.
   *
   * @param directory holds the two files of MNIST, not compressed
   */
  static Shard mnistRows(Path directory) throws IOException {
    ByteBuffer pixels = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(IMAGES))).position(16);
    ByteBuffer labels = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(LABELS))).position(8);
    return shard(() -> Byte.toUnsignedInt(pixels.get()), labels::get);
  }

  private static Shard shard(IntSupplier pixels, IntSupplier labels) {
    List<Block> blocks = new ArrayList<>();
    int capacity = Block.capacity(PIXELS, 1);
    for (int from = 0; from < ROWS; from += capacity) {
      int rows = Math.min(capacity, ROWS - from);
      RowBuffer buffer = RowBuffer.of(rows, PIXELS, 1);
      for (int i = 0; i < rows * PIXELS; i++) {
        buffer.x()[i] = pixels.getAsInt() / 255f;
      }
      for (int i = 0; i < rows; i++) {
        buffer.targets()[i] = labels.getAsInt();
      }
      blocks.add(Block.of(rows, PIXELS, 1, buffer));
    }
    return new Shard(blocks);
  }
}
