package dev.convene.data.fetch;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.time.Duration;

/** GET requests with short time-outs. */
final class Http {
  /** How long a server may take to answer, and to send some more. */
  record Timeouts(Duration connect, Duration read) {
    static final Timeouts SHORT = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20));
  }

  private Http() {}

  // Not java.net.http: its time-out ends with the headers, so a body that stalls hangs for ever.
  static InputStream open(URI uri, Timeouts timeouts) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout((int) timeouts.connect().toMillis());
    connection.setReadTimeout((int) timeouts.read().toMillis());
    try {
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        connection.disconnect();
        throw new FileNotFoundException("HTTP status " + status);
      }
      return connection.getInputStream();
    } catch (UnknownHostException e) {
      throw new IOException("unknown host " + uri.getHost(), e);
    } catch (SocketTimeoutException e) {
      throw new IOException("no answer in time (" + e.getMessage() + ")", e);
    }
  }

  /**
   * Downloads to a file, which is overwritten.
   *
   * @param md5 of the content, as published
   * @throws IOException also if the content is another; then the file is not to be used
   */
  static void download(URI uri, String md5, Timeouts timeouts, Path file) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(open(uri, timeouts), Checksum.digest("MD5"))) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      Checksum.require(md5, in.getMessageDigest());
    }
  }
}
