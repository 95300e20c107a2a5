package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;

/** {@link DenseNetwork}s. */
final class DenseKind implements NetworkKind {
  @Override
  public String name() {
    return DenseNetwork.KIND;
  }

  @Override
  public DenseNetwork read(String description, int inputs, int outputs, Loss loss) {
    try {
      return DenseNetwork.parse(description, inputs, outputs, loss);
    } catch (IllegalArgumentException refused) {
      throw ConveneException.data("%s", refused.getMessage());
    }
  }
}
