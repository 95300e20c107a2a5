package dev.convene.train;

import dev.convene.nn.Backpropagation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;

/** The mean loss of all rows of a shard and its gradient. No Spark. */
final class ShardGradient {
  private ShardGradient() {}

  /**
   * In the shard's order.
   *
   * @param network without dropout
   * @return whose state has the gradient in the parameters' places
   */
  static Contribution of(DenseNetwork network, float[] parameters, Shard shard, BLAS blas) {
    int rows = shard.rows();
    RowOrder order = RowOrder.unshuffled(shard);
    double weight = order.weight(0, rows);
    if (weight == 0) {
      return new Contribution(null, WorkerReport.ofNoStep(rows));
    }
    int maxRows = Math.min(Worker.rowsAtATime(network), rows);
    boolean sparse = shard.isSparse();
    Backpropagation backpropagation = new Backpropagation(network, 0, maxRows, sparse, blas);
    RowBuffer batch = RowBuffer.of(maxRows, network, sparse);
    RandomStream noDropout = RandomStream.of(0, Purpose.DROPOUT);
    float[] mean = new float[network.parameterCount()];
    for (int from = 0; from < rows; from += maxRows) {
      int n = Math.min(maxRows, rows - from);
      order.copy(from, n, batch);
      backpropagation.propagate(
          parameters,
          batch,
          n,
          from,
          rows,
          weight,
          noDropout,
          (gradient, offset, length) -> System.arraycopy(gradient, offset, mean, offset, length));
    }
    return Contribution.of(
        TrainingState.initial(mean, 0),
        new LossSum(backpropagation.lossSum(), backpropagation.correct(), weight, rows),
        LossSum.NONE,
        new float[0]);
  }
}
