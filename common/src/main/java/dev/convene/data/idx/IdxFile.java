package dev.convene.data.idx;

import dev.convene.ConveneException;
import dev.convene.data.pixels.Gzip;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * One IDX file by its header: {@code count} items of {@code rows x columns} bytes (1 x 1 for
 * labels).
 */
record IdxFile(String path, boolean gzip, Kind kind, int count, int rows, int columns)
    implements Serializable {

  /** What a file's items are. */
  enum Kind {
    IMAGES(2051, 16),
    LABELS(2049, 8);

    final int magic;
    final int headerBytes;

    Kind(int magic, int headerBytes) {
      this.magic = magic;
      this.headerBytes = headerBytes;
    }

    String plural() {
      return this == IMAGES ? "images" : "labels";
    }
  }

  /**
   * Reads the header. The length of a plain file is checked here, that of a gzip file when its last
   * item is read.
   *
   * @throws ConveneException if the file is not IDX of this kind, truncated or too long
   */
  static IdxFile of(FileSystem fileSystem, FileStatus status, Kind kind) throws IOException {
    String path = status.getPath().toString();
    IdxFile file;
    try (InputStream raw = new BufferedInputStream(fileSystem.open(status.getPath()))) {
      boolean gzip = Gzip.isGzip(raw);
      try (DataInputStream header = new DataInputStream(Gzip.uncompressed(raw))) {
        file = read(header, path, gzip, kind);
      }
    } catch (EOFException e) {
      throw ConveneException.data(
          "%s is truncated: it ends within its header of %d bytes (the file has %d bytes)",
          path, kind.headerBytes, status.getLen());
    } catch (ZipException e) {
      throw Gzip.damaged(path, e);
    }
    if (!file.gzip && status.getLen() != file.bytes()) {
      throw file.wrongLength(status.getLen());
    }
    return file;
  }

  private static IdxFile read(DataInputStream header, String path, boolean gzip, Kind kind)
      throws IOException {
    int magic = header.readInt();
    if (magic != kind.magic) {
      throw ConveneException.data(
          "%s starts with the number %d, not with %d: it is no IDX file of %s",
          path, magic, kind.magic, kind.plural());
    }
    int count = header.readInt();
    int rows = kind == Kind.IMAGES ? header.readInt() : 1;
    int columns = kind == Kind.IMAGES ? header.readInt() : 1;
    if (count < 0 || rows < 1 || columns < 1 || (long) rows * columns > Integer.MAX_VALUE / 8) {
      throw ConveneException.data(
          "%s has a damaged header: %d %s of %d x %d", path, count, kind.plural(), rows, columns);
    }
    return new IdxFile(path, gzip, kind, count, rows, columns);
  }

  /** Bytes of one item. */
  int itemBytes() {
    return rows * columns;
  }

  /** Bytes of the whole file, uncompressed. */
  long bytes() {
    return kind.headerBytes + (long) count * itemBytes();
  }

  /** The uncompressed bytes from the given item on. */
  InputStream openAt(long item, Configuration hadoop) throws IOException {
    return Gzip.openAt(path, gzip, kind.headerBytes + item * itemBytes(), hadoop);
  }

  ConveneException wrongLength(long found) {
    return ConveneException.data(
        found < bytes()
            ? "%s is truncated: its header declares %d %s of %d x %d, %d bytes in all, but it has %d"
            : "%s is too long: its header declares %d %s of %d x %d, %d bytes in all, but it has %d",
        path,
        count,
        kind.plural(),
        rows,
        columns,
        bytes(),
        found);
  }
}
