package dev.convene.scorer;

/** A model that cannot be read, or a row that it refuses: one sentence that stands alone. */
public final class ScorerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ScorerException(String message) {
    super(message);
  }

  ScorerException(String message, Throwable cause) {
    super(message, cause);
  }
}
