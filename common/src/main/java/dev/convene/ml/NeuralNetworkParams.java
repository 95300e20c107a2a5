package dev.convene.ml;

import dev.convene.nn.Activation;
import dev.convene.nn.Initializer;
import dev.convene.train.DescribingTrainer;
import dev.convene.train.TrainingBackend;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.shared.HasWeightCol;
import scala.Function1;

/**
 * The Params of Convene's Estimators and of their Models, which keep them to tell how they came
 * about. Meanings and defaults are those of the settings of the same name in {@code
 * conf/reference.conf}.
 *
 * <p>spark.ml finds a Param by the method that returns it and compares it by its owner and name, so
 * each can be made anew whenever it is asked for.
 */
public interface NeuralNetworkParams extends HasWeightCol {
  default IntArrayParam hidden() {
    return new IntArrayParam(
        this,
        "hidden",
        "widths of the hidden layers from input to output, each at least 1; "
            + "none is softmax or linear regression",
        // A Param goes with its stage to the executors.
        (Function1<int[], Object> & Serializable) NeuralNetworkParams::allPositive);
  }

  default Param<String> activation() {
    return new Param<>(
        this,
        "activation",
        "function after each hidden layer: relu, leaky-relu, sigmoid or tanh",
        ParamValidators.inArray(EnumNames.of(Activation.values())));
  }

  default DoubleParam dropout() {
    return new DoubleParam(
        this,
        "dropout",
        "probability with which a hidden unit is dropped while training, in [0, 1)",
        ParamValidators.inRange(0, 1, true, false));
  }

  default Param<String> initializer() {
    return new Param<>(
        this,
        "initializer",
        "how initial weights are drawn: xavier, kaiming, normal, zeros or pytorch",
        ParamValidators.inArray(EnumNames.of(Initializer.values())));
  }

  default IntParam epochs() {
    return new IntParam(
        this, "epochs", "passes over the training rows, at least 1", ParamValidators.gtEq(1));
  }

  default IntParam batchSize() {
    return new IntParam(
        this,
        "batchSize",
        "rows in one minibatch of one worker, at least 1; 0: all rows of the worker",
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
    return new LongParam(this, "seed", "seed of everything random, any whole number");
  }

  default IntParam workers() {
    return new IntParam(
        this,
        "workers",
        "workers that train side by side, each on its own shard, at least 1; "
            + "0: as many as Spark has task slots",
        ParamValidators.gtEq(0));
  }

  default IntParam averagingPeriod() {
    return new IntParam(
        this,
        "averagingPeriod",
        "minibatches per worker between two averages of the parameters, at least 1; "
            + "0: once an epoch",
        ParamValidators.gtEq(0));
  }

  default Param<String> optimizer() {
    return new Param<>(
        this,
        "optimizer",
        "how gradients change parameters: sgd or adam",
        ParamValidators.inArray(new String[] {"sgd", "adam"}));
  }

  default DoubleParam learningRate() {
    return new DoubleParam(
        this, "learningRate", "step size of the optimizer, above 0; 0.001 if not set", above(0));
  }

  default DoubleParam weightDecay() {
    return new DoubleParam(
        this,
        "weightDecay",
        "L2 penalty: this times the parameter is added to its gradient, at least 0; 0 if not set",
        atLeast(0));
  }

  default DoubleParam momentum() {
    return new DoubleParam(
        this, "momentum", "factor of sgd's past steps, at least 0; 0 if not set", atLeast(0));
  }

  default DoubleParam dampening() {
    return new DoubleParam(
        this,
        "dampening",
        "share of a gradient that sgd's momentum leaves out, any number; 0 if not set",
        above(Double.NEGATIVE_INFINITY));
  }

  default BooleanParam nesterov() {
    return new BooleanParam(
        this, "nesterov", "whether to use Nesterov's variant of sgd's momentum; false if not set");
  }

  default DoubleParam beta1() {
    return new DoubleParam(
        this,
        "beta1",
        "decay of adam's mean of gradients, in [0, 1); 0.9 if not set",
        ParamValidators.inRange(0, 1, true, false));
  }

  default DoubleParam beta2() {
    return new DoubleParam(
        this,
        "beta2",
        "decay of adam's mean of squared gradients, in [0, 1); 0.999 if not set",
        ParamValidators.inRange(0, 1, true, false));
  }

  default DoubleParam eps() {
    return new DoubleParam(
        this, "eps", "added to adam's divisor, at least 0; 1e-8 if not set", atLeast(0));
  }

  default BooleanParam amsgrad() {
    return new BooleanParam(
        this, "amsgrad", "whether to use adam's AMSGrad variant; false if not set");
  }

  default IntParam patience() {
    return new IntParam(
        this,
        "patience",
        "epochs without a better validation loss after which training stops and the best epoch's "
            + "parameters are kept, at least 1; 0: never",
        ParamValidators.gtEq(0));
  }

  default DoubleParam minDelta() {
    return new DoubleParam(
        this,
        "minDelta",
        "by how much more a validation loss has to be lower to be better, at least 0",
        atLeast(0));
  }

  default Param<String> validationIndicatorCol() {
    return new Param<>(
        this,
        "validationIndicatorCol",
        "column of booleans, true for rows to validate on, which are not trained on; "
            + "no row is validated on if not set");
  }

  @Override
  default Param<String> weightCol() {
    return new Param<>(
        this,
        "weightCol",
        "column of row weights, numbers of at least 0, for training and validation losses; "
            + "an empty name is none, every row weighs 1 if not set");
  }

  // The trait's val, which Scala's classes would initialize by this.
  @Override
  default void org$apache$spark$ml$param$shared$HasWeightCol$_setter_$weightCol_$eq(
      Param<String> param) {}

  default Param<String> onDivergence() {
    return new Param<>(
        this,
        "onDivergence",
        "whether to stop or continue when training diverges",
        ParamValidators.inArray(new String[] {"stop", "continue"}));
  }

  default DoubleParam divergenceFactor() {
    return new DoubleParam(
        this,
        "divergenceFactor",
        "a training loss above this times the first epoch's is a divergence, above 1",
        above(1));
  }

  default Param<String> trainer() {
    return new Param<>(
        this,
        "trainer",
        "who makes the steps: native or dl4j (DL4J Spark, which needs the jar convene-dl4j)",
        ParamValidators.inArray(new String[] {TrainingBackend.NATIVE, DescribingTrainer.DL4J}));
  }

  default Param<String> dl4jConfiguration() {
    return new Param<>(
        this,
        "dl4jConfiguration",
        "any network, as DL4J's MultiLayerConfiguration.toJson() describes it, in place of hidden, "
            + "activation, dropout, initializer and the optimizer's Params, trained by DL4J Spark; "
            + "those describe the network if not set");
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

  default String getTrainer() {
    return (String) getOrDefault((Param<?>) trainer());
  }

  default String getDl4jConfiguration() {
    return (String) getOrDefault((Param<?>) dl4jConfiguration());
  }

  default boolean getRequireSameBlas() {
    return (boolean) getOrDefault((Param<?>) requireSameBlas());
  }

  /** The name of the column of weights, if there is one. */
  default Optional<String> weightColumn() {
    return isSet(weightCol()) && !getWeightCol().isEmpty()
        ? Optional.of(getWeightCol())
        : Optional.empty();
  }

  /** What {@code explainParam} gives; unlike MLlib's, it can write arrays. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  default String explained(Param<?> param) {
    List<String> values = new ArrayList<>();
    if (hasDefault(param)) {
      values.add("default: " + text((Param) param, getDefault(param).get()));
    }
    if (isSet(param)) {
      values.add("current: " + text((Param) param, get(param).get()));
    }
    String state = values.isEmpty() ? "undefined" : String.join(", ", values);
    return "%s: %s (%s)".formatted(param.name(), param.doc(), state);
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
    byDefault(trainer(), TrainingBackend.NATIVE);
    byDefault(requireSameBlas(), false);
  }

  private static <T> String text(Param<T> param, T value) {
    return value.getClass().isArray() ? param.jsonEncode(value) : value.toString();
  }

  private static Function1<Object, Object> atLeast(double lowest) {
    return ParamValidators.inRange(lowest, Double.POSITIVE_INFINITY, true, false);
  }

  private static Function1<Object, Object> above(double bound) {
    return ParamValidators.inRange(bound, Double.POSITIVE_INFINITY, false, false);
  }

  private static boolean allPositive(int[] widths) {
    return Arrays.stream(widths).allMatch(width -> width > 0);
  }
}
