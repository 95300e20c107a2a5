package dev.convene.train;

import dev.convene.nn.ForwardPass;
import dev.convene.nn.Network;
import dev.convene.nn.RowBuffer;
import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;

/** How a network of any kind does on a shard's rows. No Spark. */
final class ShardValidation {
  private ShardValidation() {}

  /** Without dropout, row by row in the shard's order. */
  static ValidationSum of(
      Network network, ValidationMetric metric, float[] parameters, Shard shard, BLAS blas) {
    int rows = shard.rows();
    int maxRows = Math.min(Worker.rowsAtATime(network), rows);
    ForwardPass forward = network.forwardPass(maxRows, blas);
    RowBuffer batch = RowBuffer.of(maxRows, network, shard.isSparse());
    RowOrder order = RowOrder.unshuffled(shard);
    double lossSum = 0;
    double correct = 0;
    double[] counts = new double[metric.counts(network.outputs())];
    for (int from = 0; from < rows; from += maxRows) {
      int n = Math.min(maxRows, rows - from);
      order.copy(from, n, batch);
      float[] outputs = forward.outputs(parameters, batch, n);
      lossSum += network.loss().weightedSum(outputs, batch, n, network.outputs());
      correct += network.loss().correct(outputs, batch, n, network.outputs());
      metric.count(counts, outputs, batch, n, network.outputs());
    }
    return new ValidationSum(new LossSum(lossSum, correct, order.weight(0, rows), rows), counts);
  }
}
