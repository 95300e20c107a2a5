package dev.convene.preprocess;

/** What becomes of a category that training did not see. */
public enum UnseenCategory {
  /** It takes a column's last slot, which it shares with rare and missing categories. */
  KEEP,
  /** It is refused, as is a missing one; there is no slot for it. */
  ERROR
}
