package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.preprocess.Missing;
import dev.convene.preprocess.Normalizer;
import dev.convene.preprocess.PreprocessPlan;
import dev.convene.preprocess.Scaler;
import dev.convene.preprocess.UnseenCategory;
import java.util.Locale;

/** What the settings {@code preprocess.*} ask for. */
final class PreprocessSettings {
  private PreprocessSettings() {}

  static PreprocessPlan plan(Settings settings) {
    return PreprocessPlan.builder()
        .divideBy(settings.value(Keys.PREPROCESS_DIVIDE_BY))
        .scaler(named(Scaler.class, settings.value(Keys.PREPROCESS_SCALER)))
        .scaledColumns(settings.value(Keys.PREPROCESS_SCALED_COLUMNS))
        .missing(named(Missing.class, settings.value(Keys.PREPROCESS_MISSING)))
        .missingConstant(settings.value(Keys.PREPROCESS_MISSING_CONSTANT))
        .missingIndicator(settings.value(Keys.PREPROCESS_MISSING_INDICATOR))
        .binned(settings.value(Keys.PREPROCESS_BINNED))
        .minCategoryCount(settings.value(Keys.PREPROCESS_MIN_CATEGORY_COUNT))
        .unseenCategory(
            named(UnseenCategory.class, settings.value(Keys.PREPROCESS_UNSEEN_CATEGORY)))
        .hashed(settings.value(Keys.PREPROCESS_HASHED))
        .normalizer(named(Normalizer.class, settings.value(Keys.PREPROCESS_NORMALIZER)))
        .build();
  }

  private static <E extends Enum<E>> E named(Class<E> type, String setting) {
    return Enum.valueOf(type, setting.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
