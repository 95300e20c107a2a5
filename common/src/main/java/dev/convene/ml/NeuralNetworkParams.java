package dev.convene.ml;

import dev.convene.nn.Activation;
import dev.convene.nn.Initializer;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import scala.Function1;

/**
 * The Params of Convene's Estimators and of their Models, which keep them to tell how they came
 * about. Meanings and defaults are those of the settings of the same name in {@code
 * conf/reference.conf}.
 *
 * <p>spark.ml finds a Param by the method that returns it and compares it by its owner and name, so
 * each can be made anew whenever it is asked for.
 */
public interface NeuralNetworkParams extends Params {
  default IntArrayParam hidden() {
    return new IntArrayParam(
        this,
        "hidden",
        "widths of the hidden layers, each at least 1; none is softmax or linear regression",
        // A Param goes with its stage to the executors.
        (Function1<int[], Object> & Serializable) NeuralNetworkParams::allPositive);
  }

  default Param<String> activation() {
    return new Param<>(
        this,
        "activation",
        "after each hidden layer: relu, leaky-relu, sigmoid or tanh",
        ParamValidators.inArray(settingNames(Activation.values())));
  }

  default DoubleParam dropout() {
    return new DoubleParam(
        this,
        "dropout",
        "the probability with which a hidden unit is dropped while training, in [0, 1)",
        ParamValidators.inRange(0, 1, true, false));
  }

  default Param<String> initializer() {
    return new Param<>(
        this,
        "initializer",
        "initial weights: xavier, kaiming, normal, zeros or pytorch",
        ParamValidators.inArray(settingNames(Initializer.values())));
  }

  default IntParam epochs() {
    return new IntParam(
        this, "epochs", "passes over the training rows, at least 1", ParamValidators.gtEq(1));
  }

  default IntParam batchSize() {
    return new IntParam(
        this,
        "batchSize",
        "rows in one minibatch of one worker; 0: all rows of the worker",
        ParamValidators.gtEq(0));
  }

  default BooleanParam shuffle() {
    return new BooleanParam(
        this, "shuffle", "whether to take the rows in another order each epoch");
  }

  default BooleanParam dropLast() {
    return new BooleanParam(
        this,
        "dropLast",
        "whether to leave out a worker's last minibatch of an epoch if it is not full");
  }

  default LongParam seed() {
    return new LongParam(this, "seed", "seed of everything random");
  }

  default IntParam workers() {
    return new IntParam(
        this,
        "workers",
        "workers that train side by side, each on its own shard; 0: as many as Spark has task slots",
        ParamValidators.gtEq(0));
  }

  default IntParam averagingPeriod() {
    return new IntParam(
        this,
        "averagingPeriod",
        "minibatches per worker between two averages of the parameters; 0: once an epoch",
        ParamValidators.gtEq(0));
  }

  default Param<String> optimizer() {
    return new Param<>(
        this, "optimizer", "sgd or adam", ParamValidators.inArray(new String[] {"sgd", "adam"}));
  }

  default DoubleParam learningRate() {
    return new DoubleParam(
        this, "learningRate", "above 0; 0.001 if not set", ParamValidators.gt(0));
  }

  default DoubleParam weightDecay() {
    return new DoubleParam(
        this,
        "weightDecay",
        "L2 penalty, added to the gradient times the parameter, at least 0; 0 if not set",
        ParamValidators.gtEq(0));
  }

  default DoubleParam momentum() {
    return new DoubleParam(
        this, "momentum", "of sgd, at least 0; 0 if not set", ParamValidators.gtEq(0));
  }

  default DoubleParam dampening() {
    return new DoubleParam(this, "dampening", "of sgd's momentum; 0 if not set");
  }

  default BooleanParam nesterov() {
    return new BooleanParam(
        this, "nesterov", "whether sgd's momentum is Nesterov's; false if not set");
  }

  default DoubleParam beta1() {
    return new DoubleParam(
        this,
        "beta1",
        "of adam, in [0, 1); 0.9 if not set",
        ParamValidators.inRange(0, 1, true, false));
  }

  default DoubleParam beta2() {
    return new DoubleParam(
        this,
        "beta2",
        "of adam, in [0, 1); 0.999 if not set",
        ParamValidators.inRange(0, 1, true, false));
  }

  default DoubleParam eps() {
    return new DoubleParam(
        this, "eps", "of adam, at least 0; 1e-8 if not set", ParamValidators.gtEq(0));
  }

  default BooleanParam amsgrad() {
    return new BooleanParam(
        this, "amsgrad", "whether adam is its AMSGrad variant; false if not set");
  }

  default IntParam patience() {
    return new IntParam(
        this,
        "patience",
        "epochs without a better validation loss after which training stops and the best epoch's parameters are kept; 0: never",
        ParamValidators.gtEq(0));
  }

  default DoubleParam minDelta() {
    return new DoubleParam(
        this,
        "minDelta",
        "a better validation loss is lower by more than this, at least 0",
        ParamValidators.gtEq(0));
  }

  default Param<String> validationIndicatorCol() {
    return new Param<>(
        this,
        "validationIndicatorCol",
        "a boolean column that is true for rows to validate on, which are not trained on");
  }

  default Param<String> onDivergence() {
    return new Param<>(
        this,
        "onDivergence",
        "stop or continue",
        ParamValidators.inArray(new String[] {"stop", "continue"}));
  }

  default DoubleParam divergenceFactor() {
    return new DoubleParam(
        this,
        "divergenceFactor",
        "a training loss above this times the first epoch's is a divergence, above 1",
        ParamValidators.gt(1));
  }

  default BooleanParam requireSameBlas() {
    return new BooleanParam(
        this,
        "requireSameBlas",
        "whether to refuse executors that compute with another BLAS, instead of a warning");
  }

  default int[] getHidden() {
    return (int[]) getOrDefault((Param<?>) hidden());
  }

  default String getActivation() {
    return (String) getOrDefault((Param<?>) activation());
  }

  default double getDropout() {
    return (double) getOrDefault((Param<?>) dropout());
  }

  default String getInitializer() {
    return (String) getOrDefault((Param<?>) initializer());
  }

  default int getEpochs() {
    return (int) getOrDefault((Param<?>) epochs());
  }

  default int getBatchSize() {
    return (int) getOrDefault((Param<?>) batchSize());
  }

  default boolean getShuffle() {
    return (boolean) getOrDefault((Param<?>) shuffle());
  }

  default boolean getDropLast() {
    return (boolean) getOrDefault((Param<?>) dropLast());
  }

  default long getSeed() {
    return (long) getOrDefault((Param<?>) seed());
  }

  default int getWorkers() {
    return (int) getOrDefault((Param<?>) workers());
  }

  default int getAveragingPeriod() {
    return (int) getOrDefault((Param<?>) averagingPeriod());
  }

  default String getOptimizer() {
    return (String) getOrDefault((Param<?>) optimizer());
  }

  default double getLearningRate() {
    return (double) getOrDefault((Param<?>) learningRate());
  }

  default double getWeightDecay() {
    return (double) getOrDefault((Param<?>) weightDecay());
  }

  default double getMomentum() {
    return (double) getOrDefault((Param<?>) momentum());
  }

  default double getDampening() {
    return (double) getOrDefault((Param<?>) dampening());
  }

  default boolean getNesterov() {
    return (boolean) getOrDefault((Param<?>) nesterov());
  }

  default double getBeta1() {
    return (double) getOrDefault((Param<?>) beta1());
  }

  default double getBeta2() {
    return (double) getOrDefault((Param<?>) beta2());
  }

  default double getEps() {
    return (double) getOrDefault((Param<?>) eps());
  }

  default boolean getAmsgrad() {
    return (boolean) getOrDefault((Param<?>) amsgrad());
  }

  default int getPatience() {
    return (int) getOrDefault((Param<?>) patience());
  }

  default double getMinDelta() {
    return (double) getOrDefault((Param<?>) minDelta());
  }

  default String getValidationIndicatorCol() {
    return (String) getOrDefault((Param<?>) validationIndicatorCol());
  }

  default String getOnDivergence() {
    return (String) getOrDefault((Param<?>) onDivergence());
  }

  default double getDivergenceFactor() {
    return (double) getOrDefault((Param<?>) divergenceFactor());
  }

  default boolean getRequireSameBlas() {
    return (boolean) getOrDefault((Param<?>) requireSameBlas());
  }

  /** To be called by constructors. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private void byDefault(Param param, Object value) {
    setDefault(param, value);
  }

  /** Gives each Param its default; those of single optimizers have none. */
  default void setNeuralNetworkDefaults() {
    byDefault(hidden(), new int[0]);
    byDefault(activation(), "relu");
    byDefault(dropout(), 0.0);
    byDefault(initializer(), "xavier");
    byDefault(epochs(), 15);
    byDefault(batchSize(), 100);
    byDefault(shuffle(), true);
    byDefault(dropLast(), false);
    byDefault(seed(), 1L);
    byDefault(workers(), 0);
    byDefault(averagingPeriod(), 0);
    byDefault(optimizer(), "adam");
    byDefault(patience(), 0);
    byDefault(minDelta(), 0.0);
    byDefault(onDivergence(), "stop");
    byDefault(divergenceFactor(), 1000.0);
    byDefault(requireSameBlas(), false);
  }

  /** An enum constant's name as settings write it: {@code LEAKY_RELU} is {@code leaky-relu}. */
  static String settingName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The constant of that name. */
  static <E extends Enum<E>> E named(E[] constants, String settingName) {
    return Arrays.stream(constants)
        .filter(constant -> settingName(constant).equals(settingName))
        .findFirst()
        .orElseThrow();
  }

  private static String[] settingNames(Enum<?>[] constants) {
    return Arrays.stream(constants).map(NeuralNetworkParams::settingName).toArray(String[]::new);
  }

  private static boolean allPositive(int[] widths) {
    return Arrays.stream(widths).allMatch(width -> width > 0);
  }
}
