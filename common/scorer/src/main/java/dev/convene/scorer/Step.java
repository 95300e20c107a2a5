package dev.convene.scorer;

/** Computes one tensor of a row of those before it. */
@FunctionalInterface
interface Step {
  /**
   * Adds the tensor.
   *
   * @throws ScorerException if the model refuses the row
   */
  void run(RowValues row);
}
