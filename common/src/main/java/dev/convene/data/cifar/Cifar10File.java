package dev.convene.data.cifar;

import dev.convene.ConveneException;
import dev.convene.data.image.ImageShape;
import dev.convene.data.pixels.Gzip;
import dev.convene.data.pixels.ImageCursor;
import dev.convene.data.pixels.LabelledImages;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * A file of CIFAR-10's binary version.
 *
 * @param bytes as stored, gzipped or plain
 */
record Cifar10File(String path, long bytes, boolean gzip) implements LabelledImages {
  /**
   * Looks at a file's length; that of a gzip file is checked when its last record is read.
   *
   * @throws ConveneException if a plain file does not hold whole records
   */
  static Cifar10File of(FileSystem fileSystem, FileStatus status) throws IOException {
    String path = status.getPath().toString();
    boolean gzip;
    try (InputStream in = new BufferedInputStream(fileSystem.open(status.getPath()))) {
      gzip = Gzip.isGzip(in);
    }
    if (!gzip && status.getLen() % Cifar10Cursor.RECORD != 0) {
      throw ConveneException.data(
          "%s has %d bytes, no multiple of the %d of a record: it is truncated, or no file of"
              + " CIFAR-10's binary version",
          path, status.getLen(), Cifar10Cursor.RECORD);
    }
    return new Cifar10File(path, status.getLen(), gzip);
  }

  @Override
  public ImageShape shape() {
    return Cifar10Cursor.SHAPE;
  }

  @Override
  public long count() {
    return gzip ? Long.MAX_VALUE : bytes / Cifar10Cursor.RECORD;
  }

  @Override
  public boolean splittable() {
    return !gzip;
  }

  @Override
  public ImageCursor openAt(long image, Configuration hadoop) {
    return new Cifar10Cursor(path, gzip, image, hadoop);
  }
}
