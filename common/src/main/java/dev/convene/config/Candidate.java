package dev.convene.config;

import java.util.Map;

/**
 * One of the combinations of values that a search tries.
 *
 * @param number from 1
 * @param values of the searched settings as HOCON, by their keys in alphabetical order
 * @param settings all of the training
 */
public record Candidate(int number, Map<String, String> values, Settings settings) {
  /** Such as {@code model.hidden = [64], train.seed = 2}. */
  public String describe() {
    return SearchSpace.describe(values);
  }
}
