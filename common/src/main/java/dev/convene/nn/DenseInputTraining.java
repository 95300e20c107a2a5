package dev.convene.nn;

import dev.convene.nn.Backpropagation.GradientConsumer;
import java.util.List;

/** Of rows with all their features. */
final class DenseInputTraining implements InputTraining {
  private final Layer first;
  private final List<LayerTraining> trainings;

  /**
   * @param layers up to the first with parameters
   */
  DenseInputTraining(List<Layer> layers, int maxRows, Workspace workspace) {
    this.first = layers.get(layers.size() - 1);
    this.trainings = layers.stream().map(layer -> layer.training(maxRows, workspace)).toList();
  }

  @Override
  public float[] forward(
      float[] parameters, RowBuffer batch, int rows, int firstRow, RandomStream random) {
    float[] outputs = batch.x();
    for (LayerTraining training : trainings) {
      outputs = training.forward(parameters, outputs, rows, firstRow, random);
    }
    return outputs;
  }

  @Override
  public void parameterGradient(float[] dy, int rows, float[] gradient, boolean accumulate) {
    trainings.get(trainings.size() - 1).parameterGradient(dy, rows, gradient, accumulate);
  }

  @Override
  public void handOut(float[] gradient, GradientConsumer consumer) {
    consumer.accept(gradient, first.offset(), first.parameterCount());
  }
}
