package dev.convene.nn;

import dev.convene.nn.Backpropagation.GradientConsumer;
import java.util.Arrays;

/**
 * Of rows without their zeros: computes with the weights that they touch alone. Inputs that dropout
 * drops do not touch.
 */
final class SparseInputTraining implements InputTraining {
  private final DenseLayer layer;
  private final InputDropout inputDropout;
  private final Dropout dropout;
  private final Workspace workspace;
  private final TouchedWeights touched;
  private final SparseRows kept;
  private final float[] y;
  private SparseRows x;
  private float[] weightGradient = {};
  private int touchedSoFar;

  SparseInputTraining(DenseNetwork network, int maxRows, Workspace workspace) {
    this.layer = network.layers().get(0);
    this.inputDropout = network.inputDropout();
    this.dropout = new Dropout(inputDropout.rate());
    this.workspace = workspace;
    this.touched = new TouchedWeights(layer);
    this.kept = new SparseRows(layer.inputs());
    this.y = new float[maxRows * layer.outputs()];
  }

  @Override
  public float[] forward(
      float[] parameters, RowBuffer batch, int rows, int firstRow, RandomStream random) {
    x = inputDropout.rate() == 0 ? batch.sparse() : kept(batch.sparse(), firstRow, random);
    if (firstRow == 0) {
      touched.clear();
    }
    touched.touch(x, parameters);
    touched.forward(x, parameters, y);
    return y;
  }

  private SparseRows kept(SparseRows all, int firstRow, RandomStream random) {
    kept.clear();
    for (int row = 0; row < all.rows(); row++) {
      for (int entry = all.firstEntry(row); entry < all.firstEntry(row + 1); entry++) {
        int input = all.column(entry);
        float factor =
            dropout.factor(
                random, inputDropout.number(), firstRow + row, input, inputDropout.width());
        kept.add(input, factor * all.value(entry));
      }
      kept.endRow();
    }
    return kept;
  }

  @Override
  public void parameterGradient(float[] dy, int rows, float[] gradient, boolean accumulate) {
    layer.biasGradient(workspace.blas(), dy, rows, workspace.ones(rows), gradient, accumulate);
    int size = touched.size();
    if (weightGradient.length < size) {
      weightGradient = Arrays.copyOf(weightGradient, size);
    }
    Arrays.fill(weightGradient, accumulate ? touchedSoFar : 0, size, 0);
    touchedSoFar = size;
    touched.addGradient(x, dy, weightGradient);
  }

  @Override
  public void handOut(float[] gradient, GradientConsumer consumer) {
    consumer.accept(gradient, layer.biasOffset(), layer.outputs());
    consumer.acceptTouched(touched, weightGradient, gradient);
  }
}
