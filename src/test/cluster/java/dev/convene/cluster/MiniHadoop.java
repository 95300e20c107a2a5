package dev.convene.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HDFS of two DataNodes and a YARN of two NodeManagers in a process of their own, which ends
 * when its standard input does: nothing survives whoever started it.
 *
 * <p>{@code MiniHadoop FOLDER} keeps its files below FOLDER, writes the client's configuration to
 * {@link #CLIENT_FOLDER} in it and prints {@link #READY}. The lines {@link #STOP_DATA_NODE} and
 * {@link #START_DATA_NODE} stop one of the DataNodes and, if it is stopped, start it again.
 */
final class MiniHadoop {
  private static final Logger LOG = LoggerFactory.getLogger(MiniHadoop.class);

  static final String READY = "Hadoop is ready";
  static final String STOP_DATA_NODE = "stop a DataNode";
  static final String START_DATA_NODE = "start the DataNode";

  /** Printed when the first line that was read is done, with 1 after it, and so on. */
  static final String DONE = "lines done: ";

  /** Where the client's configuration is. */
  static final String CLIENT_FOLDER = "conf";

  static final List<String> CLIENT_FILES = List.of("core-site.xml", "yarn-site.xml");

  private static final int DATA_NODES = 2;
  private static final int NODE_MANAGERS = 2;

  /** What a heartbeat announces is done by the next one, and jobs of the tests wait for many. */
  private static final int HEARTBEAT_MILLIS = 100;

  /** What clients have to know. */
  private static final List<String> CLIENT_KEYS =
      List.of(
          YarnConfiguration.RM_ADDRESS,
          YarnConfiguration.RM_SCHEDULER_ADDRESS,
          YarnConfiguration.RM_WEBAPP_ADDRESS);

  private MiniHadoop() {}

  public static void main(String[] args) {
    try {
      run(Path.of(args[0]));
    } catch (Throwable e) {
      LOG.error("Hadoop does not start", e);
    }
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    // Nobody needs what an orderly end of half a minute would save, and threads of Hadoop's may go
    // on.
    Runtime.getRuntime().halt(0);
  }

  private static void run(Path folder) throws Exception {
    MiniDFSCluster hdfs = hdfs(folder);
    Configuration client = new Configuration(false);
    FileSystem.setDefaultUri(client, hdfs.getURI());
    // With one of two lost, writing goes on.
    client.setInt("dfs.replication", DATA_NODES);
    Configuration yarn = yarn();
    for (String key : CLIENT_KEYS) {
      client.set(key, yarn.get(key));
    }
    write(client, folder.resolve(CLIENT_FOLDER));
    System.out.println(READY);
    obey(hdfs);
  }

  /** Until the standard input ends. */
  private static void obey(MiniDFSCluster hdfs) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    DataNodeProperties stopped = null;
    int done = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      switch (line) {
        case STOP_DATA_NODE -> stopped = hdfs.stopDataNode(0);
        case START_DATA_NODE -> {
          if (stopped != null) {
            hdfs.restartDataNode(stopped);
            hdfs.waitActive();
            stopped = null;
          }
        }
        default -> throw new IOException("unknown: " + line);
      }
      done++;
      System.out.println(DONE + done);
    }
  }

  /** Starts it; the configuration knows its addresses. */
  // It runs until the process ends.
  @SuppressWarnings("resource")
  private static Configuration yarn() {
    MiniYARNCluster yarn = new MiniYARNCluster("yarn", NODE_MANAGERS, 1, 1);
    yarn.init(yarnConfiguration());
    yarn.start();
    return yarn.getConfig();
  }

  private static MiniDFSCluster hdfs(Path folder) throws IOException {
    MiniDFSCluster hdfs =
        new MiniDFSCluster.Builder(new Configuration(), folder.resolve("hdfs").toFile())
            .numDataNodes(DATA_NODES)
            .build();
    hdfs.waitActive();
    return hdfs;
  }

  private static Configuration yarnConfiguration() {
    Configuration conf = new YarnConfiguration();
    conf.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, 4096);
    conf.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 128);
    conf.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    conf.set("yarn.scheduler.capacity.root.queues", "default");
    conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
    conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
    // The machine's disk may be fuller than Hadoop likes.
    conf.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 100);
    conf.setInt(YarnConfiguration.RM_NM_HEARTBEAT_INTERVAL_MS, HEARTBEAT_MILLIS);
    return conf;
  }

  private static void write(Configuration client, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String file : CLIENT_FILES) {
      try (OutputStream out = Files.newOutputStream(folder.resolve(file))) {
        client.writeXml(out);
      }
    }
  }
}
