package dev.convene.dl4j;

import dev.convene.nn.DenseNetwork;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A random minibatch, as we and as DL4J see it. */
final class Batch {
  private final RowBuffer buffer;
  private final float[] labels;
  private final int rows;
  private final DenseNetwork network;

  private Batch(DenseNetwork network, int rows, RandomStream random) {
    this.network = network;
    this.rows = rows;
    int width = network.outputs();
    boolean classifies = network.loss().classifies();
    buffer = RowBuffer.of(rows, network);
    float[] x = buffer.x();
    float[] y = buffer.targets();
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    labels = new float[rows * width];
    for (int i = 0; i < y.length; i++) {
      if (classifies) {
        y[i] = random.nextInt(width);
        labels[i * width + (int) y[i]] = 1;
      } else {
        y[i] = (float) random.nextGaussian();
        labels[i] = y[i];
      }
    }
  }

  static Batch random(DenseNetwork network, int rows, long number) {
    return new Batch(network, rows, RandomStream.of(11, Purpose.ROW_ORDER, number));
  }

  RowBuffer rows() {
    return buffer;
  }

  DataSet dataSet() {
    return new DataSet(
        Nd4j.create(buffer.x(), new long[] {rows, network.inputs()}, 'c'),
        Nd4j.create(labels, new long[] {rows, network.outputs()}, 'c'));
  }
}
