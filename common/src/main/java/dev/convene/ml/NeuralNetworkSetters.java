package dev.convene.ml;

import org.apache.spark.ml.param.Param;

/**
 * The setters of {@link NeuralNetworkParams}, which only Estimators have.
 *
 * @param <T> what setters return: the class itself
 */
public interface NeuralNetworkSetters<T> extends NeuralNetworkParams {

  default T setHidden(int[] value) {
    return with(hidden(), value);
  }

  default T setActivation(String value) {
    return with(activation(), value);
  }

  default T setLeakySlope(double value) {
    return with(leakySlope(), value);
  }

  default T setDropout(double value) {
    return with(dropout(), value);
  }

  /** Instead of {@link #setDropout}: one rate for each hidden layer. */
  default T setDropouts(double[] value) {
    return with(dropouts(), value);
  }

  default T setInputDropout(double value) {
    return with(inputDropout(), value);
  }

  default T setInitializer(String value) {
    return with(initializer(), value);
  }

  default T setInitializerGain(double value) {
    return with(initializerGain(), value);
  }

  default T setInitializerFan(String value) {
    return with(initializerFan(), value);
  }

  default T setInitializerMean(double value) {
    return with(initializerMean(), value);
  }

  default T setInitializerStd(double value) {
    return with(initializerStd(), value);
  }

  default T setInitializerLow(double value) {
    return with(initializerLow(), value);
  }

  default T setInitializerHigh(double value) {
    return with(initializerHigh(), value);
  }

  default T setEpochs(int value) {
    return with(epochs(), value);
  }

  default T setBatchSize(int value) {
    return with(batchSize(), value);
  }

  default T setBatchSizeOf(String value) {
    return with(batchSizeOf(), value);
  }

  default T setShuffle(boolean value) {
    return with(shuffle(), value);
  }

  default T setDropLast(boolean value) {
    return with(dropLast(), value);
  }

  default T setSeed(long value) {
    return with(seed(), value);
  }

  default T setWorkers(int value) {
    return with(workers(), value);
  }

  default T setAveragingMethod(String value) {
    return with(averagingMethod(), value);
  }

  default T setAveragingPeriod(int value) {
    return with(averagingPeriod(), value);
  }

  default T setAveragingGrowth(double value) {
    return with(averagingGrowth(), value);
  }

  default T setAveragingWarmStart(double value) {
    return with(averagingWarmStart(), value);
  }

  default T setAveragingMomentum(double value) {
    return with(averagingMomentum(), value);
  }

  default T setAveragingRate(double value) {
    return with(averagingRate(), value);
  }

  default T setOptimizer(String value) {
    return with(optimizer(), value);
  }

  default T setLearningRate(double value) {
    return with(learningRate(), value);
  }

  default T setWeightDecay(double value) {
    return with(weightDecay(), value);
  }

  default T setMomentum(double value) {
    return with(momentum(), value);
  }

  default T setDampening(double value) {
    return with(dampening(), value);
  }

  default T setNesterov(boolean value) {
    return with(nesterov(), value);
  }

  default T setBeta1(double value) {
    return with(beta1(), value);
  }

  default T setBeta2(double value) {
    return with(beta2(), value);
  }

  default T setEps(double value) {
    return with(eps(), value);
  }

  default T setAmsgrad(boolean value) {
    return with(amsgrad(), value);
  }

  default T setRho(double value) {
    return with(rho(), value);
  }

  default T setLrDecay(double value) {
    return with(lrDecay(), value);
  }

  default T setAlpha(double value) {
    return with(alpha(), value);
  }

  default T setCentered(boolean value) {
    return with(centered(), value);
  }

  default T setLambd(double value) {
    return with(lambd(), value);
  }

  default T setT0(double value) {
    return with(t0(), value);
  }

  default T setEtaMinus(double value) {
    return with(etaMinus(), value);
  }

  default T setEtaPlus(double value) {
    return with(etaPlus(), value);
  }

  default T setMinStep(double value) {
    return with(minStep(), value);
  }

  default T setMaxStep(double value) {
    return with(maxStep(), value);
  }

  default T setHistorySize(int value) {
    return with(historySize(), value);
  }

  default T setLearningRateSchedule(String value) {
    return with(learningRateSchedule(), value);
  }

  default T setScheduleUnit(String value) {
    return with(scheduleUnit(), value);
  }

  default T setWarmUp(int value) {
    return with(warmUp(), value);
  }

  default T setWarmUpFactor(double value) {
    return with(warmUpFactor(), value);
  }

  default T setScheduleGamma(double value) {
    return with(scheduleGamma(), value);
  }

  default T setScheduleStepSize(int value) {
    return with(scheduleStepSize(), value);
  }

  default T setScheduleMilestones(int[] value) {
    return with(scheduleMilestones(), value);
  }

  default T setScheduleTMax(int value) {
    return with(scheduleTMax(), value);
  }

  default T setScheduleEtaMin(double value) {
    return with(scheduleEtaMin(), value);
  }

  default T setScheduleTotalSteps(int value) {
    return with(scheduleTotalSteps(), value);
  }

  default T setSchedulePctStart(double value) {
    return with(schedulePctStart(), value);
  }

  default T setScheduleAnnealStrategy(String value) {
    return with(scheduleAnnealStrategy(), value);
  }

  default T setScheduleDivFactor(double value) {
    return with(scheduleDivFactor(), value);
  }

  default T setScheduleFinalDivFactor(double value) {
    return with(scheduleFinalDivFactor(), value);
  }

  default T setScheduleThreePhase(boolean value) {
    return with(scheduleThreePhase(), value);
  }

  default T setScheduleMonitor(String value) {
    return with(scheduleMonitor(), value);
  }

  default T setScheduleFactor(double value) {
    return with(scheduleFactor(), value);
  }

  default T setSchedulePatience(int value) {
    return with(schedulePatience(), value);
  }

  default T setScheduleThreshold(double value) {
    return with(scheduleThreshold(), value);
  }

  default T setScheduleThresholdMode(String value) {
    return with(scheduleThresholdMode(), value);
  }

  default T setScheduleCooldown(int value) {
    return with(scheduleCooldown(), value);
  }

  default T setScheduleMinLr(double value) {
    return with(scheduleMinLr(), value);
  }

  default T setL1(double value) {
    return with(l1(), value);
  }

  default T setClipNorm(double value) {
    return with(clipNorm(), value);
  }

  default T setClipValue(double value) {
    return with(clipValue(), value);
  }

  default T setMaxNorm(double value) {
    return with(maxNorm(), value);
  }

  default T setMovingAverage(double value) {
    return with(movingAverage(), value);
  }

  default T setEarlyStoppingMetric(String value) {
    return with(earlyStoppingMetric(), value);
  }

  default T setMaxSeconds(double value) {
    return with(maxSeconds(), value);
  }

  default T setPatience(int value) {
    return with(patience(), value);
  }

  default T setMinDelta(double value) {
    return with(minDelta(), value);
  }

  default T setValidationIndicatorCol(String value) {
    return with(validationIndicatorCol(), value);
  }

  default T setWeightCol(String value) {
    return with(weightCol(), value);
  }

  default T setCheckpointDir(String value) {
    return with(checkpointDir(), value);
  }

  default T setCheckpointEveryRounds(int value) {
    return with(checkpointEveryRounds(), value);
  }

  default T setCheckpointEverySeconds(double value) {
    return with(checkpointEverySeconds(), value);
  }

  default T setKeepCheckpoints(int value) {
    return with(keepCheckpoints(), value);
  }

  default T setOnCheckpointMismatch(String value) {
    return with(onCheckpointMismatch(), value);
  }

  default T setOnDivergence(String value) {
    return with(onDivergence(), value);
  }

  default T setDivergenceFactor(double value) {
    return with(divergenceFactor(), value);
  }

  default T setTrainer(String value) {
    return with(trainer(), value);
  }

  default T setDl4jConfiguration(String value) {
    return with(dl4jConfiguration(), value);
  }

  default T setRequireSameBlas(boolean value) {
    return with(requireSameBlas(), value);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private T with(Param param, Object value) {
    return (T) set(param, value);
  }
}
