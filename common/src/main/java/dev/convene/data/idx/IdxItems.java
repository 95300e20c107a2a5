package dev.convene.data.idx;

import dev.convene.ConveneException;
import dev.convene.data.pixels.Gzip;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;

/** The items of an IDX file, one after the other. */
final class IdxItems implements Closeable {
  private final IdxFile file;
  private final byte[] item;
  private final Configuration hadoop;
  private long index;
  private InputStream in;

  IdxItems(IdxFile file, long firstItem, Configuration hadoop) {
    this.file = file;
    this.item = new byte[file.itemBytes()];
    this.index = firstItem;
    this.hadoop = hadoop;
  }

  /**
   * The next item's bytes, in an array that the next call overwrites. With the file's last item the
   * end of the file is checked too.
   *
   * @throws ConveneException if the file is truncated, too long or no sound gzip
   */
  byte[] next() throws IOException {
    long position = file.kind().headerBytes + index * item.length;
    try {
      if (in == null) {
        in = file.openAt(index, hadoop);
      }
      int read = in.readNBytes(item, 0, item.length);
      if (read < item.length) {
        throw file.wrongLength(position + read);
      }
      index++;
      if (index == file.count() && in.read() >= 0) {
        throw ConveneException.data(
            "%s is too long: bytes follow after the %d that its header declares",
            file.path(), file.bytes());
      }
      return item;
    } catch (EOFException e) {
      throw ConveneException.data(
          "%s is truncated: its gzip stream ends within item %d of %d %s",
          file.path(), Math.min(index + 1, file.count()), file.count(), file.kind().plural());
    } catch (ZipException e) {
      throw Gzip.damaged(file.path(), e);
    }
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
    }
  }
}
