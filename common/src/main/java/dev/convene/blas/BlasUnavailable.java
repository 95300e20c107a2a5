package dev.convene.blas;

/** Why a native BLAS cannot be used: a reason that completes a sentence. */
final class BlasUnavailable extends Exception {
  BlasUnavailable(String reason) {
    super(reason);
  }

  BlasUnavailable(String reason, Throwable cause) {
    super(reason + ": " + cause.getMessage(), cause);
  }
}
