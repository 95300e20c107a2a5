package dev.convene.train;

import dev.convene.nn.ForwardPass;
import dev.convene.nn.Network;
import dev.convene.nn.RowBuffer;
import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;

/** The losses of a shard's rows, of any network. No Spark. */
final class ShardLoss {
  private ShardLoss() {}

  /** Without dropout, row by row in the shard's order. */
  static LossSum of(Network network, float[] parameters, Shard shard, BLAS blas) {
    int rows = shard.rows();
    int maxRows = Math.min(Worker.rowsAtATime(network), rows);
    ForwardPass forward = network.forwardPass(maxRows, blas);
    RowBuffer batch = RowBuffer.of(maxRows, network);
    RowOrder order = RowOrder.unshuffled(shard);
    double lossSum = 0;
    double correct = 0;
    for (int from = 0; from < rows; from += maxRows) {
      int n = Math.min(maxRows, rows - from);
      order.copy(from, n, batch);
      float[] outputs = forward.outputs(parameters, batch.x(), n);
      lossSum += network.loss().weightedSum(outputs, batch, n, network.outputs());
      correct += network.loss().correct(outputs, batch, n, network.outputs());
    }
    return new LossSum(lossSum, correct, order.weight(0, rows), rows);
  }
}
