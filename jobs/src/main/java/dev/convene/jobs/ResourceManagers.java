package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.net.NetUtils;
import org.apache.hadoop.yarn.conf.HAUtil;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/** The ResourceManagers of a YARN cluster, of which one is active and others stand by. */
final class ResourceManagers {
  private ResourceManagers() {}

  /**
   * Checks that one of them can be reached. YARN's client itself tries for a quarter of an hour.
   *
   * @throws ConveneException of status UNAVAILABLE if none can
   */
  static void requireReachable(Configuration hadoop) {
    List<InetSocketAddress> addresses = addresses(new YarnConfiguration(hadoop));
    NetworkAddress.refusal(addresses)
        .ifPresent(
            reason -> {
              throw new ConveneException(
                  ExitStatus.UNAVAILABLE,
                  "YARN's ResourceManager at %s cannot be reached (%s): see that it runs, and that"
                          .formatted(NetworkAddress.describe(addresses), reason)
                      + " HADOOP_CONF_DIR or YARN_CONF_DIR has its yarn-site.xml; a retry may help");
            });
  }

  private static List<InetSocketAddress> addresses(YarnConfiguration yarn) {
    List<String> names = new ArrayList<>();
    if (HAUtil.isHAEnabled(yarn)) {
      for (String id : HAUtil.getRMHAIds(yarn)) {
        String host = yarn.getTrimmed(HAUtil.addSuffix(YarnConfiguration.RM_HOSTNAME, id), id);
        names.add(yarn.getTrimmed(HAUtil.addSuffix(YarnConfiguration.RM_ADDRESS, id), host));
      }
    } else {
      names.add(
          yarn.getTrimmed(YarnConfiguration.RM_ADDRESS, YarnConfiguration.DEFAULT_RM_ADDRESS));
    }
    return names.stream()
        .map(name -> NetUtils.createSocketAddr(name, YarnConfiguration.DEFAULT_RM_PORT))
        .toList();
  }
}
