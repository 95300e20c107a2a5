package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class ResourceManagersTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  /** A port that nothing listens to. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void oneThatIsDownIsAnOutage() throws IOException {
    String address = "127.0.0.1:" + freePort();
    Configuration hadoop = new Configuration(false);
    hadoop.set("yarn.resourcemanager.address", address);

    assertThatThrownBy(() -> ResourceManagers.requireReachable(hadoop))
        .isInstanceOfSatisfying(
            ConveneException.class,
            outage -> assertThat(outage.status()).isEqualTo(ExitStatus.UNAVAILABLE))
        .hasMessageStartingWith(
            "YARN's ResourceManager at %s cannot be reached (Connection refused): ", address);
  }

  @Test
  void ofSeveralOneIsEnough() throws IOException {
    try (ServerSocket active = new ServerSocket(0, 1, LOOPBACK)) {
      Configuration hadoop = new Configuration(false);
      hadoop.set("yarn.resourcemanager.ha.enabled", "true");
      hadoop.set("yarn.resourcemanager.ha.rm-ids", "one,other");
      hadoop.set("yarn.resourcemanager.address.one", "127.0.0.1:" + freePort());
      hadoop.set("yarn.resourcemanager.hostname.other", "127.0.0.1:" + active.getLocalPort());

      assertThatCode(() -> ResourceManagers.requireReachable(hadoop)).doesNotThrowAnyException();
    }
  }
}
