package dev.convene.train;

import dev.convene.optim.Lbfgs;
import dev.convene.optim.LineSearch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A step of L-BFGS: its direction is made here, and each length that the line search tries is a
 * round, in which workers give the loss and the gradient of all their rows. Both are means by the
 * rows' weights, summed in double in the order of the workers.
 */
final class LbfgsPass implements EpochPass {
  /** torch.optim.LBFGS's tolerance of the gradient's largest element. */
  private static final double GRADIENT_TOLERANCE = 1e-7;

  /** And of the loss's change. */
  private static final double CHANGE_TOLERANCE = 1e-9;

  private final Lbfgs lbfgs;
  private final TrainingPlan plan;
  private final Workers workers;
  private final DivergenceGuard guard;
  private Evaluation last;

  LbfgsPass(Lbfgs lbfgs, TrainingPlan plan, Workers workers, DivergenceGuard guard) {
    this.lbfgs = lbfgs;
    this.plan = plan;
    this.workers = workers;
    this.guard = guard;
  }

  /** The loss's mean and gradient at some parameters. */
  private record Evaluation(
      TrainingState parameters,
      Round round,
      List<WorkerReport> reports,
      LossSum losses,
      TrainingState gradient) {

    /** The same at the start of another epoch, as if it were its first round. */
    Evaluation in(int epoch, TrainingPlan plan) {
      return new Evaluation(parameters, roundOf(epoch, 1, plan), reports, losses, gradient);
    }

    double slope(double[] direction) {
      double sum = 0;
      for (int i = 0; i < direction.length; i++) {
        sum += gradient.parameters()[i] * direction[i];
      }
      return sum;
    }
  }

  @Override
  public Passed after(Progress before) {
    TrainingState state = before.averaged().state();
    int epoch = before.epoch() + 1;
    Evaluation start =
        last != null && last.parameters.parameters() == state.parameters()
            ? last.in(epoch, plan)
            : evaluation(epoch, 1, state.parameters());
    DivergenceRule.Memory divergence = guard.check(start.round, start.reports, before.divergence());
    float[] gradient = start.gradient.parameters();
    double[] direction = lbfgs.direction(epoch, gradient, state.optimizerStates());
    if (largest(gradient) <= GRADIENT_TOLERANCE || start.slope(direction) >= 0) {
      return new Passed(before.averaged(), start.losses, divergence, start.round, true);
    }
    Search search = new Search(epoch, state.parameters(), direction, start);
    LineSearch.Point found =
        LineSearch.minimize(
            search,
            new LineSearch.Point(0, start.losses.loss(), start.slope(direction)),
            lbfgs.remembers(epoch, state.optimizerStates())
                ? lbfgs.learningRate()
                : lengthOfGradient(gradient) * lbfgs.learningRate());
    return passed(
        before, start, search.evaluations.get(found.length()), search.lastRound, divergence);
  }

  /** A direction that is the gradient's says nothing of the length. */
  private static double lengthOfGradient(float[] gradient) {
    double size = 0;
    for (float element : gradient) {
      size += Math.abs(element);
    }
    return Math.min(1, 1 / size);
  }

  private Passed passed(
      Progress before,
      Evaluation start,
      Evaluation end,
      Round round,
      DivergenceRule.Memory divergence) {
    TrainingState state = before.averaged().state();
    if (end.equals(start)) {
      // What is remembered may mislead: only where the gradient itself leads nowhere is the end.
      boolean isConverged = !lbfgs.remembers(round.epoch(), state.optimizerStates());
      Averaged forgetful =
          new Averaged(
              TrainingState.initial(state.parameters(), lbfgs.stateCount()),
              before.averaged().memory());
      return new Passed(forgetful, start.losses, divergence, round, isConverged);
    }
    float[][] states = state.optimizerStates().clone();
    lbfgs.remember(
        round.epoch(),
        difference(end.parameters, start.parameters),
        difference(end.gradient, start.gradient),
        states);
    last = end;
    Averaged averaged =
        new Averaged(
            new TrainingState(end.parameters.parameters(), states), before.averaged().memory());
    boolean isConverged =
        largest(end.gradient.parameters()) <= GRADIENT_TOLERANCE
            || start.losses.loss() - end.losses.loss() < CHANGE_TOLERANCE;
    return new Passed(averaged, start.losses, divergence, round, isConverged);
  }

  private Evaluation evaluation(int epoch, int number, float[] parameters) {
    Round round = roundOf(epoch, number, plan);
    TrainingState state = TrainingState.initial(parameters, 0);
    TrainedRound trained = workers.train(round, state);
    TrainingState gradient = trained.mean() == null ? state : trained.mean();
    return new Evaluation(state, round, trained.reports(), trained.losses(), gradient);
  }

  private static Round roundOf(int epoch, int number, TrainingPlan plan) {
    return new Round(epoch, number, 0, 1, 1, plan.epochs(), 1);
  }

  private static float[] difference(TrainingState of, TrainingState without) {
    float[] difference = of.parameters().clone();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= without.parameters()[i];
    }
    return difference;
  }

  private static double largest(float[] gradient) {
    double largest = 0;
    for (float element : gradient) {
      largest = Math.max(largest, Math.abs(element));
    }
    return largest;
  }

  /** Along a direction. */
  private final class Search implements LineSearch.Function {
    private final int epoch;
    private final float[] from;
    private final double[] direction;
    private final Map<Double, Evaluation> evaluations = new HashMap<>();
    private Round lastRound;

    Search(int epoch, float[] from, double[] direction, Evaluation start) {
      this.epoch = epoch;
      this.from = from;
      this.direction = direction;
      this.evaluations.put(0.0, start);
      this.lastRound = start.round;
    }

    @Override
    public LineSearch.Point at(double length) {
      float[] to = new float[from.length];
      for (int i = 0; i < to.length; i++) {
        to[i] = (float) (from[i] + length * direction[i]);
      }
      Evaluation evaluation = evaluation(epoch, lastRound.number() + 1, to);
      lastRound = evaluation.round;
      double loss = evaluation.losses.loss();
      evaluations.put(length, evaluation);
      return new LineSearch.Point(length, loss, evaluation.slope(direction));
    }
  }
}
