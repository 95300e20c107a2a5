package dev.convene.preprocess;

/** MLlib's scalers, each fitted column by column. Constant columns come out as MLlib has it. */
public enum Scaler {
  /** Features stay as they are. */
  NONE,
  /** Mean 0 and sample standard deviation 1; constant columns become 0. */
  STANDARD,
  /** From smallest and largest value to 0 and 1; constant columns become 0.5. */
  MIN_MAX,
  /** Divided by the largest absolute value; columns of zeros stay 0. */
  MAX_ABS,
  /** Median 0 and quartiles 1 apart; columns whose quartiles are equal become 0. */
  ROBUST;
}
