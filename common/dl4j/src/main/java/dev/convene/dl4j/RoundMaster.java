package dev.convene.dl4j;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/**
 * DL4J's parameter averaging for one round whose minibatches are dealt already: partition i has
 * those of worker i, no more than fit between two averages. DL4J's own split of the data would
 * count it first, deal it anew at random and drop what its rounding leaves over.
 */
final class RoundMaster extends ParameterAveragingTrainingMaster {

  private RoundMaster(Builder builder) {
    super(builder);
  }

  /**
   * @param batchRows the most rows of a minibatch
   * @param steps the most minibatches of a worker
   * @param watch hears of each minibatch, in the tasks
   */
  static RoundMaster of(int workers, int batchRows, int steps, RoundWatch watch) {
    RoundMaster master =
        new RoundMaster(
            new Builder(workers, batchRows)
                .batchSizePerWorker(batchRows)
                .averagingFrequency(steps)
                .repartionData(Repartition.Never)
                .saveUpdater(true)
                .trainingHooks(List.of(watch)));
    // The same object, so that a task has one for both purposes.
    master.setListeners(List.of(watch));
    return master;
  }

  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> minibatches) {
    doIteration(network, minibatches, 1, 1);
  }
}
