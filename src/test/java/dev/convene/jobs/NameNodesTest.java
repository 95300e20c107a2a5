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

class NameNodesTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static Configuration of(String defaultStorage) {
    Configuration hadoop = new Configuration(false);
    hadoop.set("fs.defaultFS", defaultStorage);
    return hadoop;
  }

  /** A port that nothing listens to. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void oneThatIsDownIsAnOutage() throws IOException {
    String storage = "hdfs://127.0.0.1:" + freePort();

    assertThatThrownBy(() -> NameNodes.requireReachable(of(storage)))
        .isInstanceOfSatisfying(
            ConveneException.class,
            outage -> assertThat(outage.status()).isEqualTo(ExitStatus.UNAVAILABLE))
        .hasMessage(
            "the cluster's file system %s cannot be reached (Connection refused): see that its"
                + " NameNode runs; a retry may help",
            storage);
  }

  @Test
  void ofSeveralOneIsEnough() throws IOException {
    try (ServerSocket active = new ServerSocket(0, 1, LOOPBACK)) {
      Configuration hadoop = of("hdfs://both");
      hadoop.set("dfs.ha.namenodes.both", "one, other");
      hadoop.set("dfs.namenode.rpc-address.both.one", "127.0.0.1:" + freePort());
      hadoop.set("dfs.namenode.rpc-address.both.other", "127.0.0.1:" + active.getLocalPort());

      assertThatCode(() -> NameNodes.requireReachable(hadoop)).doesNotThrowAnyException();
    }
  }

  @Test
  void otherStorageHasNone() {
    assertThatCode(() -> NameNodes.requireReachable(of("file:///"))).doesNotThrowAnyException();
    assertThatCode(() -> NameNodes.requireReachable(of("s3a://bucket"))).doesNotThrowAnyException();
  }
}
