package dev.convene.dl4j;

import dev.convene.nn.Network;
import dev.convene.nn.Predictions;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.train.LossSum;
import dev.convene.train.Round;
import dev.convene.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Beside DL4J's training of one worker in a round: seeds dropout before a minibatch, and adds up
 * the losses as they are before each step, dropout on.
 */
final class RoundWatch extends BaseTrainingListener implements TrainingHook {
  private final TrainingPlan plan;
  private final Network trained;
  private final Round round;
  private final int worker;
  private Minibatch minibatch;
  private double lossSum;
  private double correct;
  private final List<Float> minibatchLosses = new ArrayList<>();
  private long rows;

  RoundWatch(TrainingPlan plan, Network trained, Round round, int worker) {
    this.plan = plan;
    this.trained = trained;
    this.round = round;
    this.worker = worker;
  }

  @Override
  public void preUpdate(DataSet next, Model model) {
    minibatch = (Minibatch) next;
    RandomStream stream =
        RandomStream.of(plan.seed(), Purpose.DROPOUT, round.epoch(), worker, minibatch.number());
    Nd4j.getRandom().setSeed(stream.bitsAt(0));
  }

  @Override
  public void onBackwardPass(Model model) {
    MultiLayerNetwork network = (MultiLayerNetwork) model;
    double penalty = network.calcRegularizationScore(true);
    double loss = network.score() - penalty;
    lossSum += loss * minibatch.numExamples();
    minibatchLosses.add((float) loss);
    rows += minibatch.numExamples();
    if (trained.loss().classifies()) {
      // Dropout has been applied to the layer's input: this is the pass that the loss is of.
      INDArray outputs = network.getOutputLayer().activate(false, LayerWorkspaceMgr.noWorkspaces());
      correct +=
          Predictions.correct(
              NdArrays.floats(outputs),
              minibatch.rows(),
              minibatch.numExamples(),
              trained.outputs());
    }
  }

  /** What the worker's minibatches so far came to. */
  LossSum sums() {
    return new LossSum(lossSum, correct, rows, rows);
  }

  /** The mean loss of each of them. */
  float[] minibatchLosses() {
    float[] losses = new float[minibatchLosses.size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = minibatchLosses.get(i);
    }
    return losses;
  }

  @Override
  public void postUpdate(DataSet done, Model model) {}

  @Override
  public void preUpdate(MultiDataSet next, Model model) {
    throw new UnsupportedOperationException("only networks of layers in a row are trained");
  }

  @Override
  public void postUpdate(MultiDataSet done, Model model) {}
}
