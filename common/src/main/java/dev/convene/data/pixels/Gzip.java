package dev.convene.data.pixels;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Tells gzip streams from plain ones by their first two bytes, whatever the file is called. */
public final class Gzip {
  private static final int BUFFER = 1 << 16;

  private Gzip() {}

  /** The stream's uncompressed bytes; closing the result closes the stream. */
  public static InputStream uncompressed(InputStream in) throws IOException {
    InputStream buffered = new BufferedInputStream(in, BUFFER);
    return isGzip(buffered) ? new GZIPInputStream(buffered, BUFFER) : buffered;
  }

  /** Whether a gzip stream begins here; the stream, which must support marks, is left as it was. */
  public static boolean isGzip(InputStream in) throws IOException {
    in.mark(2);
    boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return gzip;
  }
}
