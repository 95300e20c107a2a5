package dev.convene.train;

import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Plateau;
import dev.convene.optim.Schedule;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;
import java.util.List;

/**
 * A training whose test says only what matters to it; else one epoch, a minibatch of all rows in
 * their own order, averaging once an epoch.
 */
final class Plan {
  private final DenseNetwork network;
  private final Optimizer optimizer;
  private final Schedule schedule;
  private int epochs = 1;
  private int batchSize = Minibatches.FULL_BATCH;
  private int sharers = 1;
  private double labelSmoothing;
  private double maxSeconds = Double.POSITIVE_INFINITY;
  private boolean shuffle;
  private boolean dropLast;
  private Averaging averaging = Averaging.plain(AveragingPeriod.ONCE_AN_EPOCH);
  private boolean stopOnDivergence = true;
  private EarlyStopping earlyStopping = EarlyStopping.NEVER;
  private Plateau plateau = Plateau.NONE;
  private StepConstraints constraints = StepConstraints.NONE;

  private Plan(DenseNetwork network, Optimizer optimizer, Schedule schedule) {
    this.network = network;
    this.optimizer = optimizer;
    this.schedule = schedule;
  }

  static Plan of(DenseNetwork network, Optimizer optimizer, double learningRate) {
    return of(network, optimizer, Schedule.constant(learningRate));
  }

  static Plan of(DenseNetwork network, Optimizer optimizer, Schedule schedule) {
    return new Plan(network, optimizer, schedule);
  }

  static DenseNetwork classifier(int inputs, List<Integer> hidden, int classes, double dropout) {
    return DenseNetwork.of(
        inputs, hidden, classes, Activation.TANH, dropout, Loss.SOFTMAX_CROSS_ENTROPY);
  }

  static DenseNetwork linearRegression(int inputs) {
    return DenseNetwork.of(inputs, List.of(), 1, Activation.RELU, 0, Loss.MEAN_SQUARED_ERROR);
  }

  Plan epochs(int number) {
    epochs = number;
    return this;
  }

  Plan batchSize(int rows) {
    batchSize = rows;
    return this;
  }

  Plan sharedBy(int workers) {
    sharers = workers;
    return this;
  }

  Plan labelSmoothing(double share) {
    labelSmoothing = share;
    return this;
  }

  Plan shuffle() {
    shuffle = true;
    return this;
  }

  Plan dropLast() {
    dropLast = true;
    return this;
  }

  Plan averagingPeriod(int minibatches) {
    return averaging(Averaging.plain(minibatches));
  }

  Plan averaging(Averaging other) {
    averaging = other;
    return this;
  }

  Plan continueOnDivergence() {
    stopOnDivergence = false;
    return this;
  }

  Plan maxSeconds(double seconds) {
    maxSeconds = seconds;
    return this;
  }

  Plan patience(int epochsWithout, double minDelta) {
    return earlyStopping(new EarlyStopping(ValidationMetric.LOSS, epochsWithout, minDelta));
  }

  Plan earlyStopping(EarlyStopping other) {
    earlyStopping = other;
    return this;
  }

  Plan plateau(Plateau other) {
    plateau = other;
    return this;
  }

  Plan constraints(StepConstraints other) {
    constraints = other;
    return this;
  }

  /**
   * A round of such a plan.
   *
   * @param stepsPerEpoch of it
   */
  static Round round(int epoch, int number, int first, int end, long stepsPerEpoch) {
    return new Round(epoch, number, first, end, stepsPerEpoch, epoch, 1);
  }

  TrainingPlan plan() {
    return new TrainingPlan(
        epochs,
        maxSeconds,
        17,
        new Minibatches(batchSize, sharers, shuffle, dropLast),
        averaging,
        plateau,
        earlyStopping,
        new DivergenceRule(stopOnDivergence, 1000));
  }

  DenseTraining training() {
    return new DenseTraining(
        network, Initializer.XAVIER, labelSmoothing, optimizer, schedule, constraints);
  }

  Learner learner() {
    return new NativeLearner(training());
  }

  Worker worker(BLAS blas) {
    return new Worker(training(), plan(), blas);
  }

  /** Workers that take their turns in a plain loop. */
  Workers workers(BLAS blas, List<Shard> training) {
    return workers(blas, training, List.of());
  }

  Workers workers(BLAS blas, List<Shard> training, List<Shard> validation) {
    return new LocalWorkers(worker(blas), network, blas, training, validation);
  }

  TrainingLoop loop(Workers workers) {
    return loop(workers, TrainingListener.NONE);
  }

  TrainingLoop loop(Workers workers, TrainingListener listener) {
    return new TrainingLoop(plan(), learner(), workers, listener);
  }

  /** The state that a training begins with. */
  TrainingState initialState(float[] parameters) {
    return TrainingState.initial(parameters, training().stateCount());
  }
}
