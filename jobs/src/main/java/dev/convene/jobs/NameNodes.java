package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.net.NetUtils;

/** The NameNodes of a cluster's own HDFS, of which one is active and others stand by. */
final class NameNodes {
  private static final int DEFAULT_PORT = 8020;

  private NameNodes() {}

  /**
   * Checks that one of them can be reached, if the default file system is HDFS. Spark itself tries
   * for a while and ends in a stack trace.
   *
   * @throws ConveneException of status UNAVAILABLE if none can
   */
  static void requireReachable(Configuration hadoop) {
    URI storage = FileSystem.getDefaultUri(hadoop);
    if (!"hdfs".equals(storage.getScheme()) || storage.getAuthority() == null) {
      return;
    }
    NetworkAddress.refusal(addresses(storage.getAuthority(), hadoop))
        .ifPresent(
            reason -> {
              throw new ConveneException(
                  ExitStatus.UNAVAILABLE,
                  "the cluster's file system %s cannot be reached (%s): see that its NameNode runs;"
                          .formatted(storage, reason)
                      + " a retry may help");
            });
  }

  /**
   * @param authority HOST, HOST:PORT or the name of a service that several offer
   */
  private static List<InetSocketAddress> addresses(String authority, Configuration hadoop) {
    Collection<String> ids = hadoop.getTrimmedStringCollection("dfs.ha.namenodes." + authority);
    if (ids.isEmpty()) {
      return List.of(NetUtils.createSocketAddr(authority, DEFAULT_PORT));
    }
    return ids.stream()
        .map(id -> hadoop.getTrimmed("dfs.namenode.rpc-address." + authority + "." + id))
        .filter(Objects::nonNull)
        .map(address -> NetUtils.createSocketAddr(address, DEFAULT_PORT))
        .toList();
  }
}
