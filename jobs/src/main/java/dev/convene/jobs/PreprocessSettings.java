package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.preprocess.PreprocessPlan;

/** What the settings {@code preprocess.*} ask for. */
final class PreprocessSettings {
  private PreprocessSettings() {}

  /**
   * @throws dev.convene.ConveneException (usage) if they contradict each other
   */
  static void check(Settings settings) {
    plan(settings);
  }

  static PreprocessPlan plan(Settings settings) {
    return PreprocessPlan.builder()
        .divideBy(settings.value(Keys.PREPROCESS_DIVIDE_BY))
        .scaler(settings.value(Keys.PREPROCESS_SCALER))
        .scaledColumns(settings.value(Keys.PREPROCESS_SCALED_COLUMNS))
        .missing(settings.value(Keys.PREPROCESS_MISSING))
        .missingConstant(settings.value(Keys.PREPROCESS_MISSING_CONSTANT))
        .missingIndicator(settings.value(Keys.PREPROCESS_MISSING_INDICATOR))
        .binned(settings.value(Keys.PREPROCESS_BINNED))
        .minCategoryCount(settings.value(Keys.PREPROCESS_MIN_CATEGORY_COUNT))
        .unseenCategory(settings.value(Keys.PREPROCESS_UNSEEN_CATEGORY))
        .hashed(settings.value(Keys.PREPROCESS_HASHED))
        .normalizer(settings.value(Keys.PREPROCESS_NORMALIZER))
        .build();
  }
}
