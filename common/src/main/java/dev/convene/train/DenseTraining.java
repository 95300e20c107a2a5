package dev.convene.train;

import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Schedule;
import java.io.Serializable;

/**
 * A network of dense layers, where its parameters start and what makes its steps: all that a {@link
 * TrainingBackend} has to know of it.
 */
public record DenseTraining(
    DenseNetwork network,
    Initializer initializer,
    Optimizer optimizer,
    Schedule schedule,
    StepConstraints constraints)
    implements Serializable {

  /** How many arrays its steps remember: the optimizer's, and then the moving average. */
  int stateCount() {
    return optimizer.stateCount() + (constraints.hasMovingAverage() ? 1 : 0);
  }
}
