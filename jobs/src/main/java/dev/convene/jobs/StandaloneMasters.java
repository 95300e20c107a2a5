package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.util.Utils;

/** The masters of a standalone cluster, of which one leads and others stand by. */
final class StandaloneMasters {
  private StandaloneMasters() {}

  /**
   * Checks that one of them can be reached. Spark itself tries for a minute and then stops under
   * the job.
   *
   * @param url spark://HOST:PORT, or several as {@code spark://HOST:PORT,HOST:PORT}
   * @throws ConveneException of status UNAVAILABLE if none can; USAGE if it is no such URL
   */
  static void requireReachable(String url) {
    if (!url.startsWith("spark://")) {
      throw malformed(url);
    }
    List<InetSocketAddress> addresses =
        Stream.of(Utils.parseStandaloneMasterUrls(url)).map(StandaloneMasters::address).toList();
    NetworkAddress.refusal(addresses)
        .ifPresent(
            reason -> {
              throw new ConveneException(
                  ExitStatus.UNAVAILABLE,
                  "the Spark master %s cannot be reached (%s): see that it runs; a retry may help"
                      .formatted(url, reason));
            });
  }

  private static InetSocketAddress address(String master) {
    try {
      URI uri = new URI(master);
      if (uri.getHost() != null && uri.getPort() > 0) {
        return new InetSocketAddress(uri.getHost(), uri.getPort());
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw malformed(master);
    }
    throw malformed(master);
  }

  private static ConveneException malformed(String master) {
    return ConveneException.usage("the master %s is not of the form spark://HOST:PORT", master);
  }
}
