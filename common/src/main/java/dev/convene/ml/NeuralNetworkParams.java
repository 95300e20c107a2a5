package dev.convene.ml;

import dev.convene.config.Chosen;
import dev.convene.config.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.shared.HasWeightCol;

/**
 * The Params of Convene's Estimators and of their Models, which keep them to say how they came
 * about. Meanings, allowed values and defaults are those of the settings in {@code
 * conf/reference.conf}, which {@code explainParams()} prints.
 *
 * <p>spark.ml finds a Param by the method that returns it and compares it by its owner and name, so
 * each can be made anew whenever it is asked for.
 */
public interface NeuralNetworkParams extends HasWeightCol {
  default IntArrayParam hidden() {
    return SettingParams.integers(this, Keys.MODEL_HIDDEN);
  }

  default Param<String> activation() {
    return SettingParams.text(this, Keys.MODEL_ACTIVATION);
  }

  default DoubleParam leakySlope() {
    return SettingParams.decimal(this, Keys.MODEL_LEAKY_SLOPE);
  }

  default DoubleParam dropout() {
    return SettingParams.decimal(this, Keys.MODEL_DROPOUT);
  }

  default DoubleArrayParam dropouts() {
    return SettingParams.decimals(this, Keys.MODEL_DROPOUT);
  }

  default DoubleParam inputDropout() {
    return SettingParams.decimal(this, Keys.MODEL_INPUT_DROPOUT);
  }

  default Param<String> initializer() {
    return SettingParams.text(this, Keys.MODEL_INITIALIZER);
  }

  default DoubleParam initializerGain() {
    return SettingParams.decimal(this, Keys.INITIALIZER_GAIN);
  }

  default Param<String> initializerFan() {
    return SettingParams.text(this, Keys.INITIALIZER_FAN);
  }

  default DoubleParam initializerMean() {
    return SettingParams.decimal(this, Keys.INITIALIZER_MEAN);
  }

  default DoubleParam initializerStd() {
    return SettingParams.decimal(this, Keys.INITIALIZER_STD);
  }

  default DoubleParam initializerLow() {
    return SettingParams.decimal(this, Keys.INITIALIZER_LOW);
  }

  default DoubleParam initializerHigh() {
    return SettingParams.decimal(this, Keys.INITIALIZER_HIGH);
  }

  default IntParam epochs() {
    return SettingParams.integer(this, Keys.TRAIN_EPOCHS);
  }

  default IntParam batchSize() {
    return SettingParams.integerOrWord(this, Keys.TRAIN_BATCH_SIZE);
  }

  default Param<String> batchSizeOf() {
    return SettingParams.text(this, Keys.TRAIN_BATCH_SIZE_OF);
  }

  default BooleanParam shuffle() {
    return SettingParams.flag(this, Keys.TRAIN_SHUFFLE);
  }

  default BooleanParam dropLast() {
    return SettingParams.flag(this, Keys.TRAIN_DROP_LAST);
  }

  default LongParam seed() {
    return SettingParams.longInteger(this, Keys.TRAIN_SEED);
  }

  default IntParam workers() {
    return SettingParams.integerOrWord(this, Keys.TRAIN_WORKERS);
  }

  default Param<String> averagingMethod() {
    return SettingParams.text(this, Keys.AVERAGING_METHOD);
  }

  default IntParam averagingPeriod() {
    return SettingParams.integerOrWord(this, Keys.AVERAGING_PERIOD);
  }

  default DoubleParam averagingGrowth() {
    return SettingParams.decimal(this, Keys.AVERAGING_GROWTH);
  }

  default DoubleParam averagingWarmStart() {
    return SettingParams.decimal(this, Keys.AVERAGING_WARM_START);
  }

  default DoubleParam averagingMomentum() {
    return SettingParams.decimal(this, Keys.AVERAGING_MOMENTUM);
  }

  default DoubleParam averagingRate() {
    return SettingParams.decimal(this, Keys.AVERAGING_RATE);
  }

  default Param<String> optimizer() {
    return SettingParams.text(this, Keys.OPTIMIZER_NAME);
  }

  default DoubleParam learningRate() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_LEARNING_RATE);
  }

  default DoubleParam weightDecay() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_WEIGHT_DECAY);
  }

  default DoubleParam momentum() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_MOMENTUM);
  }

  default DoubleParam dampening() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_DAMPENING);
  }

  default BooleanParam nesterov() {
    return SettingParams.flag(this, Keys.OPTIMIZER_NESTEROV);
  }

  default DoubleParam beta1() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_BETA1);
  }

  default DoubleParam beta2() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_BETA2);
  }

  default DoubleParam eps() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_EPS);
  }

  default BooleanParam amsgrad() {
    return SettingParams.flag(this, Keys.OPTIMIZER_AMSGRAD);
  }

  default DoubleParam rho() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_RHO);
  }

  default DoubleParam lrDecay() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_LR_DECAY);
  }

  default DoubleParam alpha() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_ALPHA);
  }

  default BooleanParam centered() {
    return SettingParams.flag(this, Keys.OPTIMIZER_CENTERED);
  }

  default DoubleParam lambd() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_LAMBD);
  }

  default DoubleParam t0() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_T0);
  }

  default DoubleParam etaMinus() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_ETA_MINUS);
  }

  default DoubleParam etaPlus() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_ETA_PLUS);
  }

  default DoubleParam minStep() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_MIN_STEP);
  }

  default DoubleParam maxStep() {
    return SettingParams.decimal(this, Keys.OPTIMIZER_MAX_STEP);
  }

  default IntParam historySize() {
    return SettingParams.integer(this, Keys.OPTIMIZER_HISTORY_SIZE);
  }

  default Param<String> learningRateSchedule() {
    return SettingParams.text(this, Keys.SCHEDULE_NAME);
  }

  default Param<String> scheduleUnit() {
    return SettingParams.text(this, Keys.SCHEDULE_UNIT);
  }

  default IntParam warmUp() {
    return SettingParams.integer(this, Keys.SCHEDULE_WARM_UP);
  }

  default DoubleParam warmUpFactor() {
    return SettingParams.decimal(this, Keys.SCHEDULE_WARM_UP_FACTOR);
  }

  default DoubleParam scheduleGamma() {
    return SettingParams.decimal(this, Keys.SCHEDULE_GAMMA);
  }

  default IntParam scheduleStepSize() {
    return SettingParams.integer(this, Keys.SCHEDULE_STEP_SIZE);
  }

  default IntArrayParam scheduleMilestones() {
    return SettingParams.integers(this, Keys.SCHEDULE_MILESTONES);
  }

  default IntParam scheduleTMax() {
    return SettingParams.integerOrWord(this, Keys.SCHEDULE_T_MAX);
  }

  default DoubleParam scheduleEtaMin() {
    return SettingParams.decimal(this, Keys.SCHEDULE_ETA_MIN);
  }

  default IntParam scheduleTotalSteps() {
    return SettingParams.integerOrWord(this, Keys.SCHEDULE_TOTAL_STEPS);
  }

  default DoubleParam schedulePctStart() {
    return SettingParams.decimal(this, Keys.SCHEDULE_PCT_START);
  }

  default Param<String> scheduleAnnealStrategy() {
    return SettingParams.text(this, Keys.SCHEDULE_ANNEAL_STRATEGY);
  }

  default DoubleParam scheduleDivFactor() {
    return SettingParams.decimal(this, Keys.SCHEDULE_DIV_FACTOR);
  }

  default DoubleParam scheduleFinalDivFactor() {
    return SettingParams.decimal(this, Keys.SCHEDULE_FINAL_DIV_FACTOR);
  }

  default BooleanParam scheduleThreePhase() {
    return SettingParams.flag(this, Keys.SCHEDULE_THREE_PHASE);
  }

  default Param<String> scheduleMonitor() {
    return SettingParams.text(this, Keys.SCHEDULE_MONITOR);
  }

  default DoubleParam scheduleFactor() {
    return SettingParams.decimal(this, Keys.SCHEDULE_FACTOR);
  }

  default IntParam schedulePatience() {
    return SettingParams.integer(this, Keys.SCHEDULE_PATIENCE);
  }

  default DoubleParam scheduleThreshold() {
    return SettingParams.decimal(this, Keys.SCHEDULE_THRESHOLD);
  }

  default Param<String> scheduleThresholdMode() {
    return SettingParams.text(this, Keys.SCHEDULE_THRESHOLD_MODE);
  }

  default IntParam scheduleCooldown() {
    return SettingParams.integer(this, Keys.SCHEDULE_COOLDOWN);
  }

  default DoubleParam scheduleMinLr() {
    return SettingParams.decimal(this, Keys.SCHEDULE_MIN_LR);
  }

  default DoubleParam l1() {
    return SettingParams.decimal(this, Keys.TRAIN_L1);
  }

  default DoubleParam clipNorm() {
    return SettingParams.decimal(this, Keys.TRAIN_CLIP_NORM);
  }

  default DoubleParam clipValue() {
    return SettingParams.decimal(this, Keys.TRAIN_CLIP_VALUE);
  }

  default DoubleParam maxNorm() {
    return SettingParams.decimal(this, Keys.TRAIN_MAX_NORM);
  }

  default DoubleParam movingAverage() {
    return SettingParams.decimal(this, Keys.TRAIN_MOVING_AVERAGE);
  }

  default Param<String> earlyStoppingMetric() {
    return SettingParams.text(this, Keys.EARLY_STOPPING_METRIC);
  }

  default DoubleParam maxSeconds() {
    return SettingParams.decimal(this, Keys.TRAIN_MAX_SECONDS);
  }

  default IntParam patience() {
    return SettingParams.integer(this, Keys.EARLY_STOPPING_PATIENCE);
  }

  default DoubleParam minDelta() {
    return SettingParams.decimal(this, Keys.EARLY_STOPPING_MIN_DELTA);
  }

  default Param<String> checkpointDir() {
    return SettingParams.text(this, Keys.CHECKPOINT_DIR);
  }

  default IntParam checkpointEveryRounds() {
    return SettingParams.integer(this, Keys.CHECKPOINT_EVERY_ROUNDS);
  }

  default DoubleParam checkpointEverySeconds() {
    return SettingParams.decimal(this, Keys.CHECKPOINT_EVERY_SECONDS);
  }

  default IntParam keepCheckpoints() {
    return SettingParams.integer(this, Keys.CHECKPOINT_KEEP);
  }

  default Param<String> onCheckpointMismatch() {
    return SettingParams.text(this, Keys.CHECKPOINT_ON_MISMATCH);
  }

  default Param<String> onDivergence() {
    return SettingParams.text(this, Keys.TRAIN_ON_DIVERGENCE);
  }

  default DoubleParam divergenceFactor() {
    return SettingParams.decimal(this, Keys.TRAIN_DIVERGENCE_FACTOR);
  }

  default Param<String> trainer() {
    return SettingParams.text(this, Keys.TRAIN_TRAINER);
  }

  default BooleanParam requireSameBlas() {
    return SettingParams.flag(this, Keys.BLAS_REQUIRE_SAME);
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
        SettingParams.name(Keys.DATA_WEIGHT),
        Keys.DATA_WEIGHT.doc() + " As a Param, an empty name is none, too, as if not set.");
  }

  // The trait's val, which Scala's classes would initialize by this.
  @Override
  default void org$apache$spark$ml$param$shared$HasWeightCol$_setter_$weightCol_$eq(
      Param<String> param) {}

  /** The text of the file that the setting names. */
  default Param<String> dl4jConfiguration() {
    return new Param<>(
        this,
        SettingParams.name(Keys.MODEL_DL4J_CONFIGURATION),
        Keys.MODEL_DL4J_CONFIGURATION.doc()
            + " As a Param, the JSON itself; no such network if not set.");
  }

  default int[] getHidden() {
    return (int[]) getOrDefault((Param<?>) hidden());
  }

  default String getActivation() {
    return (String) getOrDefault((Param<?>) activation());
  }

  default double getLeakySlope() {
    return (double) getOrDefault((Param<?>) leakySlope());
  }

  default double getDropout() {
    return (double) getOrDefault((Param<?>) dropout());
  }

  default double[] getDropouts() {
    return (double[]) getOrDefault((Param<?>) dropouts());
  }

  default double getInputDropout() {
    return (double) getOrDefault((Param<?>) inputDropout());
  }

  default String getInitializer() {
    return (String) getOrDefault((Param<?>) initializer());
  }

  default double getInitializerGain() {
    return (double) getOrDefault((Param<?>) initializerGain());
  }

  default String getInitializerFan() {
    return (String) getOrDefault((Param<?>) initializerFan());
  }

  default double getInitializerMean() {
    return (double) getOrDefault((Param<?>) initializerMean());
  }

  default double getInitializerStd() {
    return (double) getOrDefault((Param<?>) initializerStd());
  }

  default double getInitializerLow() {
    return (double) getOrDefault((Param<?>) initializerLow());
  }

  default double getInitializerHigh() {
    return (double) getOrDefault((Param<?>) initializerHigh());
  }

  default int getEpochs() {
    return (int) getOrDefault((Param<?>) epochs());
  }

  default int getBatchSize() {
    return (int) getOrDefault((Param<?>) batchSize());
  }

  default String getBatchSizeOf() {
    return (String) getOrDefault((Param<?>) batchSizeOf());
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

  default String getAveragingMethod() {
    return (String) getOrDefault((Param<?>) averagingMethod());
  }

  default int getAveragingPeriod() {
    return (int) getOrDefault((Param<?>) averagingPeriod());
  }

  default double getAveragingGrowth() {
    return (double) getOrDefault((Param<?>) averagingGrowth());
  }

  default double getAveragingWarmStart() {
    return (double) getOrDefault((Param<?>) averagingWarmStart());
  }

  default double getAveragingMomentum() {
    return (double) getOrDefault((Param<?>) averagingMomentum());
  }

  default double getAveragingRate() {
    return (double) getOrDefault((Param<?>) averagingRate());
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

  default double getRho() {
    return (double) getOrDefault((Param<?>) rho());
  }

  default double getLrDecay() {
    return (double) getOrDefault((Param<?>) lrDecay());
  }

  default double getAlpha() {
    return (double) getOrDefault((Param<?>) alpha());
  }

  default boolean getCentered() {
    return (boolean) getOrDefault((Param<?>) centered());
  }

  default double getLambd() {
    return (double) getOrDefault((Param<?>) lambd());
  }

  default double getT0() {
    return (double) getOrDefault((Param<?>) t0());
  }

  default double getEtaMinus() {
    return (double) getOrDefault((Param<?>) etaMinus());
  }

  default double getEtaPlus() {
    return (double) getOrDefault((Param<?>) etaPlus());
  }

  default double getMinStep() {
    return (double) getOrDefault((Param<?>) minStep());
  }

  default double getMaxStep() {
    return (double) getOrDefault((Param<?>) maxStep());
  }

  default int getHistorySize() {
    return (int) getOrDefault((Param<?>) historySize());
  }

  default String getLearningRateSchedule() {
    return (String) getOrDefault((Param<?>) learningRateSchedule());
  }

  default String getScheduleUnit() {
    return (String) getOrDefault((Param<?>) scheduleUnit());
  }

  default int getWarmUp() {
    return (int) getOrDefault((Param<?>) warmUp());
  }

  default double getWarmUpFactor() {
    return (double) getOrDefault((Param<?>) warmUpFactor());
  }

  default double getScheduleGamma() {
    return (double) getOrDefault((Param<?>) scheduleGamma());
  }

  default int getScheduleStepSize() {
    return (int) getOrDefault((Param<?>) scheduleStepSize());
  }

  default int[] getScheduleMilestones() {
    return (int[]) getOrDefault((Param<?>) scheduleMilestones());
  }

  default int getScheduleTMax() {
    return (int) getOrDefault((Param<?>) scheduleTMax());
  }

  default double getScheduleEtaMin() {
    return (double) getOrDefault((Param<?>) scheduleEtaMin());
  }

  default int getScheduleTotalSteps() {
    return (int) getOrDefault((Param<?>) scheduleTotalSteps());
  }

  default double getSchedulePctStart() {
    return (double) getOrDefault((Param<?>) schedulePctStart());
  }

  default String getScheduleAnnealStrategy() {
    return (String) getOrDefault((Param<?>) scheduleAnnealStrategy());
  }

  default double getScheduleDivFactor() {
    return (double) getOrDefault((Param<?>) scheduleDivFactor());
  }

  default double getScheduleFinalDivFactor() {
    return (double) getOrDefault((Param<?>) scheduleFinalDivFactor());
  }

  default boolean getScheduleThreePhase() {
    return (boolean) getOrDefault((Param<?>) scheduleThreePhase());
  }

  default String getScheduleMonitor() {
    return (String) getOrDefault((Param<?>) scheduleMonitor());
  }

  default double getScheduleFactor() {
    return (double) getOrDefault((Param<?>) scheduleFactor());
  }

  default int getSchedulePatience() {
    return (int) getOrDefault((Param<?>) schedulePatience());
  }

  default double getScheduleThreshold() {
    return (double) getOrDefault((Param<?>) scheduleThreshold());
  }

  default String getScheduleThresholdMode() {
    return (String) getOrDefault((Param<?>) scheduleThresholdMode());
  }

  default int getScheduleCooldown() {
    return (int) getOrDefault((Param<?>) scheduleCooldown());
  }

  default double getScheduleMinLr() {
    return (double) getOrDefault((Param<?>) scheduleMinLr());
  }

  default double getL1() {
    return (double) getOrDefault((Param<?>) l1());
  }

  default double getClipNorm() {
    return (double) getOrDefault((Param<?>) clipNorm());
  }

  default double getClipValue() {
    return (double) getOrDefault((Param<?>) clipValue());
  }

  default double getMaxNorm() {
    return (double) getOrDefault((Param<?>) maxNorm());
  }

  default double getMovingAverage() {
    return (double) getOrDefault((Param<?>) movingAverage());
  }

  default String getEarlyStoppingMetric() {
    return (String) getOrDefault((Param<?>) earlyStoppingMetric());
  }

  default double getMaxSeconds() {
    return (double) getOrDefault((Param<?>) maxSeconds());
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

  default String getCheckpointDir() {
    return (String) getOrDefault((Param<?>) checkpointDir());
  }

  default int getCheckpointEveryRounds() {
    return (int) getOrDefault((Param<?>) checkpointEveryRounds());
  }

  default double getCheckpointEverySeconds() {
    return (double) getOrDefault((Param<?>) checkpointEverySeconds());
  }

  default int getKeepCheckpoints() {
    return (int) getOrDefault((Param<?>) keepCheckpoints());
  }

  default String getOnCheckpointMismatch() {
    return (String) getOrDefault((Param<?>) onCheckpointMismatch());
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

  /** The directory of checkpoints, if there is one. */
  default Optional<String> checkpointDirectory() {
    return isSet(checkpointDir()) && !getCheckpointDir().isEmpty()
        ? Optional.of(getCheckpointDir())
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

  /** Gives each Param its default; those of single choices have none. For constructors. */
  default void setNeuralNetworkDefaults() {
    SettingParams.setDefaults(this);
  }

  /** Sets those Params whose settings were given, in a settings file or on a command line. */
  default void setGiven(Chosen chosen) {
    SettingParams.set(this, chosen);
  }

  /** A value as a message or {@code explainParam} writes it. */
  static <T> String text(Param<T> param, T value) {
    return value.getClass().isArray() ? param.jsonEncode(value) : value.toString();
  }
}
