package dev.convene.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where a driver leaves its report for the launcher. A file of the cluster's default file system
 * needs no connection from the cluster to the caller, and is there even if output.dir is not; where
 * that is each machine's own disk, as on a bare standalone cluster, whose master keeps no driver's
 * exit status, the driver connects to the port that the launcher opened for it.
 */
sealed interface ReportAddress {
  /** The property of Spark that names it to the driver. */
  String KEY = "spark.convene.reportTo";

  /**
   * Leaves the report.
   *
   * @throws IOException if the place cannot be reached
   */
  void send(String report, Configuration hadoop) throws IOException;

  /**
   * Reads what {@code toString} gave.
   *
   * @throws IllegalArgumentException if it is none
   */
  static ReportAddress parse(String address) {
    Matcher caller = Caller.FORM.matcher(address);
    return caller.matches()
        ? new Caller(caller.group(1), caller.group(2), Integer.parseInt(caller.group(3)))
        : new SharedFile(new Path(address));
  }

  /** A file, which appears whole. */
  record SharedFile(Path path) implements ReportAddress {
    @Override
    public void send(String report, Configuration hadoop) throws IOException {
      FileSystem storage = path.getFileSystem(hadoop);
      Path aside = path.suffix(".unfinished");
      try (OutputStream stream = storage.create(aside, true)) {
        stream.write(report.getBytes(StandardCharsets.UTF_8));
      }
      if (!storage.rename(aside, path)) {
        throw new IOException(path + " could not be written");
      }
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * The launcher itself.
   *
   * @param token by which it knows its driver
   */
  record Caller(String token, String host, int port) implements ReportAddress {
    private static final Pattern FORM = Pattern.compile("caller:([0-9a-f-]+)@(.+):(\\d+)");
    private static final int PATIENCE_MILLIS = 20_000;

    @Override
    public void send(String report, Configuration hadoop) throws IOException {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
        socket
            .getOutputStream()
            .write((token + "\n" + report + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }

    @Override
    public String toString() {
      return "caller:" + token + "@" + host + ":" + port;
    }
  }
}
