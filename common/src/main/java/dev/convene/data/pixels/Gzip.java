package dev.convene.data.pixels;

import dev.convene.ConveneException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * Reads gzip streams, and distinguishes them from plain ones by their first two bytes, whatever the
 * file is called.
 */
public final class Gzip {
  private static final int BUFFER = 1 << 16;

  private Gzip() {}

  /** The stream's uncompressed bytes; closing the result closes the stream. */
  public static InputStream uncompressed(InputStream in) throws IOException {
    InputStream buffered = new BufferedInputStream(in, BUFFER);
    return isGzip(buffered) ? new GZIPInputStream(buffered, BUFFER) : buffered;
  }

  /** A file's uncompressed bytes from an offset on. */
  public static InputStream openAt(String path, boolean gzip, long offset, Configuration hadoop)
      throws IOException {
    Path file = new Path(path);
    FSDataInputStream raw = file.getFileSystem(hadoop).open(file);
    try {
      if (!gzip) {
        raw.seek(offset);
        return new BufferedInputStream(raw, BUFFER);
      }
      InputStream in = uncompressed(raw);
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /** The failure to report for a file whose compressed bytes are damaged. */
  public static ConveneException damaged(String path, ZipException cause) {
    return ConveneException.data("%s is no sound gzip file: %s", path, cause.getMessage());
  }

  /** Whether a gzip stream begins here; the stream, which must support marks, is left as it was. */
  public static boolean isGzip(InputStream in) throws IOException {
    in.mark(2);
    boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return gzip;
  }
}
