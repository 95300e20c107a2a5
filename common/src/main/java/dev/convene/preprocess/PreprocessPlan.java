package dev.convene.preprocess;

import dev.convene.ConveneException;
import java.util.List;
import java.util.Map;

/**
 * What happens to the features before the network sees them.
 *
 * <p>Numbers: missing ones are imputed, binned columns cut into bins, all others divided, scaled
 * and normalized, in this order. Categories become one slot each, or hash buckets.
 *
 * @param divideBy every numeric feature is divided by this finite number above 0; 1 changes nothing
 * @param scaler then this scaler is fitted and applied
 * @param scaledColumns only to these numeric and vector columns; empty for all of them
 * @param normalizer then each row's numeric features are divided by their norm
 * @param missing what replaces missing numbers
 * @param missingConstant the finite number that does for {@link Missing#CONSTANT}
 * @param missingIndicator whether a column with missing training values gets a feature that is 1
 *     where the value is missing, else 0
 * @param minCategoryCount categories of fewer training rows share the slot of unseen ones
 * @param unseenCategory what becomes of categories that training did not see
 * @param hashed categorical columns to be hashed, not indexed, into this many buckets; a missing
 *     category is in none
 * @param binned numeric columns to be cut at training quantiles into at most this many bins, each
 *     with a slot of its own
 */
public record PreprocessPlan(
    double divideBy,
    Scaler scaler,
    List<String> scaledColumns,
    Normalizer normalizer,
    Missing missing,
    double missingConstant,
    boolean missingIndicator,
    long minCategoryCount,
    UnseenCategory unseenCategory,
    Map<String, Integer> hashed,
    Map<String, Integer> binned) {

  /** Refuses settings that make no sense. */
  public PreprocessPlan {
    scaledColumns = List.copyOf(scaledColumns);
    hashed = Map.copyOf(hashed);
    binned = Map.copyOf(binned);
    if (!(divideBy > 0 && Double.isFinite(divideBy))) {
      throw ConveneException.usage(
          "preprocess.divide-by is %s; it must be a finite number above 0", divideBy);
    }
    if (!Double.isFinite(missingConstant)) {
      throw ConveneException.usage(
          "preprocess.missing-constant is %s; it must be finite", missingConstant);
    }
    if (missingIndicator && missing == Missing.ERROR) {
      throw ConveneException.usage(
          "preprocess.missing-indicator needs missing values, which preprocess.missing = error"
              + " refuses: choose mean, median, mode or constant");
    }
    if (minCategoryCount < 1) {
      throw ConveneException.usage(
          "preprocess.min-category-count is %d; it must be at least 1", minCategoryCount);
    }
    if (minCategoryCount > 1 && unseenCategory == UnseenCategory.ERROR) {
      throw ConveneException.usage(
          "preprocess.min-category-count = %d puts rare categories into the slot of unseen ones,"
              + " which preprocess.unseen-category = error does away with: change one of them",
          minCategoryCount);
    }
    requireAtLeast(1, "preprocess.hashed", "buckets", hashed);
    requireAtLeast(2, "preprocess.binned", "bins", binned);
  }

  private static void requireAtLeast(
      int least, String key, String counted, Map<String, Integer> counts) {
    counts.forEach(
        (column, count) -> {
          if (count < least) {
            throw ConveneException.usage(
                "%s.%s is %d; the number of %s must be at least %d",
                key, column, count, counted, least);
          }
        });
  }

  /** A plan that changes nothing and refuses missing numbers, to be built upon. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects a plan; the rest is as in {@link #builder}. */
  public static final class Builder {
    private double divideBy = 1;
    private Scaler scaler = Scaler.NONE;
    private List<String> scaledColumns = List.of();
    private Normalizer normalizer = Normalizer.NONE;
    private Missing missing = Missing.ERROR;
    private double missingConstant;
    private boolean missingIndicator;
    private long minCategoryCount = 1;
    private UnseenCategory unseenCategory = UnseenCategory.KEEP;
    private Map<String, Integer> hashed = Map.of();
    private Map<String, Integer> binned = Map.of();

    private Builder() {}

    public Builder divideBy(double divisor) {
      divideBy = divisor;
      return this;
    }

    public Builder scaler(Scaler chosen) {
      scaler = chosen;
      return this;
    }

    public Builder scaledColumns(List<String> columns) {
      scaledColumns = columns;
      return this;
    }

    public Builder normalizer(Normalizer chosen) {
      normalizer = chosen;
      return this;
    }

    public Builder missing(Missing chosen) {
      missing = chosen;
      return this;
    }

    public Builder missingConstant(double constant) {
      missingConstant = constant;
      return this;
    }

    public Builder missingIndicator(boolean wanted) {
      missingIndicator = wanted;
      return this;
    }

    public Builder minCategoryCount(long count) {
      minCategoryCount = count;
      return this;
    }

    public Builder unseenCategory(UnseenCategory chosen) {
      unseenCategory = chosen;
      return this;
    }

    public Builder hashed(Map<String, Integer> buckets) {
      hashed = buckets;
      return this;
    }

    public Builder binned(Map<String, Integer> bins) {
      binned = bins;
      return this;
    }

    public PreprocessPlan build() {
      return new PreprocessPlan(
          divideBy,
          scaler,
          scaledColumns,
          normalizer,
          missing,
          missingConstant,
          missingIndicator,
          minCategoryCount,
          unseenCategory,
          hashed,
          binned);
    }
  }
}
