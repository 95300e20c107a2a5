package dev.convene.jobs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.Utils;

/** The launcher's end of a {@link ReportAddress}, open while it waits for the driver. */
interface ReportInbox extends AutoCloseable {
  /** Where the driver reports to. */
  ReportAddress address();

  /** The report, if it has come. */
  Optional<DriverReport> report() throws IOException;

  @Override
  void close() throws IOException;

  /**
   * Opens one for a driver that sees the default file system of this configuration.
   *
   * @throws IOException if that storage cannot be reached
   */
  static ReportInbox open(Configuration hadoop) throws IOException {
    FileSystem storage = FileSystem.get(hadoop);
    return storage.getUri().getScheme().equals("file") ? new Port() : new Folder(storage);
  }

  /** Awaits a file in a folder of the user's. */
  final class Folder implements ReportInbox {
    private final FileSystem storage;
    private final Path file;

    private Folder(FileSystem storage) throws IOException {
      this.storage = storage;
      Path folder = new Path(storage.getHomeDirectory(), ".convene/reports");
      this.file = storage.makeQualified(new Path(folder, UUID.randomUUID() + ".json"));
      storage.mkdirs(folder);
    }

    @Override
    public ReportAddress address() {
      return new ReportAddress.SharedFile(file);
    }

    @Override
    public Optional<DriverReport> report() throws IOException {
      if (!storage.exists(file)) {
        return Optional.empty();
      }
      try (InputStream in = storage.open(file)) {
        return Optional.of(
            DriverReport.read(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      }
    }

    @Override
    public void close() throws IOException {
      storage.delete(file, false);
    }
  }

  /** Awaits a connection at a free port, at the name by which Spark's executors reach a driver. */
  final class Port implements ReportInbox {
    private static final int LONGEST_SILENCE_MILLIS = 10_000;

    private final String token = UUID.randomUUID().toString();
    private final CompletableFuture<DriverReport> report = new CompletableFuture<>();
    private final ServerSocket server;

    private Port() throws IOException {
      server = new ServerSocket(0);
      Thread listener = new Thread(this::listen, "convene-report");
      listener.setDaemon(true);
      listener.start();
    }

    private void listen() {
      while (!server.isClosed()) {
        try (Socket driver = server.accept()) {
          driver.setSoTimeout(LONGEST_SILENCE_MILLIS);
          BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
          if (token.equals(lines.readLine())) {
            report.complete(DriverReport.read(String.valueOf(lines.readLine())));
          }
        } catch (IOException | IllegalArgumentException someoneElse) {
          // Nothing that the driver says.
        }
      }
    }

    @Override
    public ReportAddress address() {
      return new ReportAddress.Caller(token, Utils.localHostName(), server.getLocalPort());
    }

    @Override
    public Optional<DriverReport> report() {
      return Optional.ofNullable(report.getNow(null));
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  /** The report of a driver that has ended, which may take a moment to be seen. */
  default Optional<DriverReport> await(long seconds) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    Optional<DriverReport> report = report();
    while (report.isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(100);
      report = report();
    }
    return report;
  }
}
