package dev.convene.dl4j;

import dev.convene.nn.Network;
import dev.convene.shard.Shard;
import dev.convene.train.Contribution;
import dev.convene.train.LossSum;
import dev.convene.train.Round;
import dev.convene.train.RoundTask;
import dev.convene.train.TrainingPlan;
import dev.convene.train.TrainingState;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.ExecuteWorkerFlatMap;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One worker's part of a round, made by DL4J Spark's own worker. Like {@link
 * dev.convene.train.Worker}, whose rows, order and steps it has, a pure function of state, shard,
 * worker and round. Dropout's stream is seeded for each minibatch from ours, but drops other units.
 */
record Dl4jWorker(TrainingPlan plan, Network trained, RoundConfiguration configuration)
    implements RoundTask {

  @Override
  public Contribution train(Round round, TrainingState start, Shard shard, int worker) {
    Nd4jRuntime.prepare();
    MinibatchIterator minibatches = new MinibatchIterator(plan, trained, round, shard, worker);
    if (!minibatches.hasNext()) {
      return Contribution.NONE;
    }
    MultiLayerNetwork network = network(round, start);
    RoundWatch watch = new RoundWatch(plan, trained, round, worker);
    network.setListeners(watch);
    int batchRows = plan.minibatches().largest(shard.rows());
    try {
      new ExecuteWorkerFlatMap<>(dl4jWorker(network, watch, batchRows)).call(minibatches);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("DL4J's worker failed", e);
    }
    return Contribution.of(
        state(network, start), watch.sums(), LossSum.NONE, watch.minibatchLosses());
  }

  /** DL4J Spark's, but it gets its network from us and not from a broadcast of ND4J's arrays. */
  private static ParameterAveragingTrainingWorker dl4jWorker(
      MultiLayerNetwork network, RoundWatch watch, int batchRows) {
    WorkerConfiguration unlimited =
        new WorkerConfiguration(false, batchRows, batchRows, 0, 0, false);
    return new ParameterAveragingTrainingWorker(null, true, unlimited, List.of(watch), null, null) {
      @Override
      public MultiLayerNetwork getInitialModel() {
        return network;
      }
    };
  }

  private MultiLayerNetwork network(Round round, TrainingState state) {
    MultiLayerConfiguration current = configuration.in(round);
    current.setIterationCount(Math.toIntExact(round.stepsBefore() + round.firstMinibatch()));
    current.setEpochCount(round.epoch() - 1);
    MultiLayerNetwork network = new MultiLayerNetwork(current);
    network.init(NdArrays.row(state.parameters()), false);
    INDArray updaterState = network.getUpdater().getStateViewArray();
    if (updaterState != null) {
      float[] all = new float[state.optimizerStates().length * state.parameters().length];
      for (int i = 0; i < state.optimizerStates().length; i++) {
        float[] part = state.optimizerStates()[i];
        System.arraycopy(part, 0, all, i * part.length, part.length);
      }
      int length = Math.toIntExact(updaterState.length());
      network
          .getUpdater()
          .setStateViewArray(network, NdArrays.row(Arrays.copyOf(all, length)), false);
    }
    return network;
  }

  /**
   * What the network has become. The updater's state is cut into arrays as long as the parameters;
   * parameters without a state of their own make it shorter, and the last array ends with zeros.
   */
  private static TrainingState state(MultiLayerNetwork network, TrainingState before) {
    float[] parameters = NdArrays.floats(network.params());
    float[][] states = new float[before.optimizerStates().length][parameters.length];
    INDArray updaterState = network.getUpdater().getStateViewArray();
    if (updaterState != null) {
      float[] all = NdArrays.floats(updaterState);
      for (int i = 0, at = 0; at < all.length; i++, at += parameters.length) {
        System.arraycopy(all, at, states[i], 0, Math.min(parameters.length, all.length - at));
      }
    }
    return new TrainingState(parameters, states);
  }
}
