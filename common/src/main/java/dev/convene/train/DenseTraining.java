package dev.convene.train;

import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Schedule;
import dev.convene.optim.Untouched;
import java.io.Serializable;

/**
 * A network of dense layers, where its parameters start, what its labels are made and what makes
 * its steps: all that a {@link TrainingBackend} has to know of it.
 *
 * @param labelSmoothing the share of a row's target that goes to all classes alike, in [0, 1)
 */
public record DenseTraining(
    DenseNetwork network,
    Initializer initializer,
    double labelSmoothing,
    Optimizer optimizer,
    Schedule schedule,
    StepConstraints constraints)
    implements Serializable {

  /** Without label smoothing. */
  public DenseTraining(
      DenseNetwork network,
      Initializer initializer,
      Optimizer optimizer,
      Schedule schedule,
      StepConstraints constraints) {
    this(network, initializer, 0, optimizer, schedule, constraints);
  }

  /** Whether steps differ where rows are taken with their zeros: all weights would be touched. */
  boolean leavesUntouchedOut() {
    return optimizer.untouched() == Untouched.LEFT_OUT;
  }

  /** How many arrays its steps remember: the optimizer's, and then the moving average. */
  int stateCount() {
    return optimizer.stateCount() + (constraints.hasMovingAverage() ? 1 : 0);
  }
}
