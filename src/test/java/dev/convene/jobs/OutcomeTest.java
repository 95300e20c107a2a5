package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import org.apache.hadoop.net.NetUtils;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  @Test
  void aStorageThatCannotBeReachedIsNamed() {
    for (IOException cause :
        new IOException[] {
          new ConnectException("Connection refused"), new NoRouteToHostException("No route to host")
        }) {
      IOException ofHadoop = NetUtils.wrapException("name-node", 8020, "here", 0, cause);

      Outcome outcome = Outcome.of(new UncheckedIOException(ofHadoop));

      assertThat(outcome.status()).isEqualTo(ExitStatus.UNAVAILABLE);
      assertThat(outcome.message())
          .isEqualTo(
              "Spark, storage or the network failed: %s: %s (name-node:8020); a retry may help"
                  .formatted(cause.getClass().getSimpleName(), cause.getMessage()));
    }
  }
}
