package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;

/** What a user reads, also from within a task. */
final class Failures {
  private Failures() {}

  static void refuses(Runnable action, ExitStatus status, String message) {
    Throwable failure = catchThrowable(action::run);
    while (failure != null && !(failure instanceof ConveneException)) {
      failure = failure.getCause();
    }
    assertThat(failure).isNotNull().hasMessage(message);
    assertThat(((ConveneException) failure).status()).isEqualTo(status);
  }
}
