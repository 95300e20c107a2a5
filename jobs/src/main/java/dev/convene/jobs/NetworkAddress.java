package dev.convene.jobs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether something answers at an address. */
final class NetworkAddress {
  private static final int PATIENCE_MILLIS = 5_000;

  private NetworkAddress() {}

  /** Why none of them can be connected to; empty if one can. */
  static Optional<String> refusal(List<InetSocketAddress> addresses) {
    String reason = "no address is given";
    for (InetSocketAddress address : addresses) {
      try (Socket socket = new Socket()) {
        socket.connect(address, PATIENCE_MILLIS);
        return Optional.empty();
      } catch (UnknownHostException e) {
        reason = "no machine is known as " + address.getHostString();
      } catch (IOException e) {
        reason = e.getMessage();
      }
    }
    return Optional.of(reason);
  }

  static String describe(List<InetSocketAddress> addresses) {
    return addresses.stream()
        .map(address -> address.getHostString() + ":" + address.getPort())
        .collect(Collectors.joining(", "));
  }
}
