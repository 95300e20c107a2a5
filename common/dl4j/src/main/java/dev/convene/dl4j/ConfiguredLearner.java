package dev.convene.dl4j;

import dev.convene.optim.Step;
import dev.convene.train.Learner;
import dev.convene.train.RoundTask;
import dev.convene.train.TrainingPlan;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A network that a configuration describes, which says how it is trained, too: initializers,
 * updaters and their rates are its own.
 *
 * @param updater the last layer's
 */
record ConfiguredLearner(ConfiguredNetwork network, IUpdater updater, int stateCount)
    implements Learner {

  static ConfiguredLearner of(ConfiguredNetwork network) {
    MultiLayerConfiguration configuration = network.configuration();
    MultiLayerNetwork initialized = new MultiLayerNetwork(configuration);
    initialized.init();
    INDArray state = initialized.getUpdater().getStateViewArray();
    long parameters = initialized.numParams();
    int stateCount = state == null ? 0 : (int) ((state.length() + parameters - 1) / parameters);
    BaseLayer last = (BaseLayer) ConfiguredNetwork.last(configuration);
    return new ConfiguredLearner(network, last.getIUpdater(), stateCount);
  }

  @Override
  public float[] initialParameters(long seed) {
    MultiLayerConfiguration configuration = network.configuration();
    configuration.getConfs().forEach(layer -> layer.setSeed(seed));
    MultiLayerNetwork initialized = new MultiLayerNetwork(configuration);
    initialized.init();
    return NdArrays.floats(initialized.params());
  }

  @Override
  public double rate(Step step) {
    return updater.hasLearningRate()
        ? updater.getLearningRate(Math.toIntExact(step.number() - 1), step.epoch() - 1)
        : 0;
  }

  @Override
  public String placeOfRate() {
    return " in the network's description";
  }

  @Override
  public RoundTask task(TrainingPlan plan) {
    ConfiguredNetwork sent = network;
    return new Dl4jWorker(plan, network, round -> sent.configuration());
  }
}
