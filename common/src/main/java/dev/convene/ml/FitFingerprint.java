package dev.convene.ml;

import dev.convene.blas.LoadedBlas;
import dev.convene.blas.NativeBlas;
import dev.convene.checkpoint.Fingerprint;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.report.ParametersDigest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What decides the bits of a fit: Params, the rows as they were dealt, the start and the BLAS. */
final class FitFingerprint {
  /** These decide nothing, or show in the rows. */
  private static final Set<Setting<?>> LEFT_OUT =
      Set.of(
          Keys.DATA_WEIGHT,
          Keys.MODEL_THRESHOLDS,
          Keys.TRAIN_WORKERS,
          Keys.TRAIN_MAX_SECONDS,
          Keys.CHECKPOINT_DIR,
          Keys.CHECKPOINT_EVERY_ROUNDS,
          Keys.CHECKPOINT_EVERY_SECONDS,
          Keys.CHECKPOINT_KEEP,
          Keys.CHECKPOINT_ON_MISMATCH,
          Keys.TRAIN_ON_DIVERGENCE,
          Keys.TRAIN_DIVERGENCE_FACTOR,
          Keys.BLAS_REQUIRE_SAME);

  private FitFingerprint() {}

  /**
   * Makes a pass over the rows.
   *
   * @param start the parameters that training starts from
   */
  static Fingerprint of(NeuralNetworkParams params, DealtRows rows, float[] start) {
    Map<String, String> values = new TreeMap<>();
    ChosenParams chosen = new ChosenParams(params);
    for (Setting<?> setting : Keys.ofParams()) {
      if (!LEFT_OUT.contains(setting) && isThere(setting, chosen, params)) {
        values.put(SettingParams.name(setting), chosen.text(setting));
      }
    }
    if (params.isSet(params.dl4jConfiguration())) {
      values.put(
          params.dl4jConfiguration().name(),
          "a text of hash %08x".formatted(params.getDl4jConfiguration().hashCode()));
    }
    LoadedBlas blas = NativeBlas.load();
    values.put("workers", String.valueOf(rows.workers()));
    values.put("training rows", String.valueOf(rows.trainingRows()));
    values.put("checksum of the rows", rows.digest());
    values.put("SHA-256 of the initial parameters", ParametersDigest.sha256(start));
    values.put("BLAS", blas.library());
    values.put("BLAS core type", blas.coreType());
    return new Fingerprint(values);
  }

  private static boolean isThere(
      Setting<?> setting, ChosenParams chosen, NeuralNetworkParams params) {
    boolean isOfChoice =
        setting.choice().isEmpty() || setting.isOf(chosen.value(setting.choice().get()));
    return isOfChoice
        && params.hasParam(SettingParams.name(setting))
        && (chosen.isGiven(setting) || setting.choice().isPresent() || isDefined(setting, params));
  }

  private static boolean isDefined(Setting<?> setting, NeuralNetworkParams params) {
    return params.isDefined(params.getParam(SettingParams.name(setting)));
  }
}
