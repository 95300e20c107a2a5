package dev.convene.preprocess;

import java.util.List;
import java.util.Map;

/**
 * Who translates a preprocessing into something else is shown its features one after the other, the
 * parts before the whole. All numbers are double; features are one or more numbers of a row.
 *
 * @param <T> what features become
 */
public interface FeatureVisitor<T> {
  /**
   * A numeric column, one feature.
   *
   * @param surrogate for a missing value or NaN; NaN if there must be none
   */
  T number(String column, double surrogate);

  /** One feature: 1 where the numeric column is missing or NaN, else 0. */
  T missing(String column);

  /**
   * A vector column.
   *
   * @param size the length that is demanded; -1 if none is
   */
  T vector(String column, int size);

  /**
   * A categorical column, of which each index has a feature that is 1 for it, else 0.
   *
   * @param indices by category
   * @param unseen the index of missing and all other categories; -1 if there must be none
   * @param slots the number of indices
   */
  T category(String column, Map<String, Integer> indices, int unseen, int slots);

  /**
   * A categorical column by the hash of its category: the feature floorMod(murmur3_32(term + {@code
   * =} + category in UTF-8, seed 42), buckets) is 1, all others are 0. All are 0 for a missing
   * category.
   */
  T hashed(String column, String term, int buckets);

  /**
   * The bin that a number lies in: bin i has the numbers from border i - 1 on and below border i.
   * Each bin has a feature that is 1 for it, else 0.
   *
   * @param borders ascending
   */
  T binned(T number, double[] borders);

  /** All features in this order. */
  T assembled(List<T> parts);

  /** Each feature x becomes (x - shift) factor + offset. */
  T scaled(T features, double[] shifts, double[] factors, double[] offsets);

  /**
   * The features over their norm; themselves if it is 0.
   *
   * @param p 1, 2 or infinity: which norm
   */
  T normalized(T features, double p);
}
