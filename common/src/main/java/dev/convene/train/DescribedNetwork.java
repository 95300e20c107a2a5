package dev.convene.train;

import dev.convene.nn.Network;
import dev.convene.optim.Optimizer;

/** A network of a {@link DescribingTrainer}. */
public interface DescribedNetwork extends Network {
  /** What {@link DescribingTrainer#network} makes the same network of. */
  String description();

  /** The parameters that training starts from; the same for the same seed. */
  float[] initialParameters(long seed);

  /** Stands for how the description has the parameters change; the trainer makes its steps. */
  Optimizer optimizer();
}
