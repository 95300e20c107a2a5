package dev.convene.data.cifar;

import dev.convene.ConveneException;
import dev.convene.data.image.ImageShape;
import dev.convene.data.pixels.Gzip;
import dev.convene.data.pixels.ImageCursor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;

/** Reads records one after the other; messages count them from 1. */
final class Cifar10Cursor implements ImageCursor {
  static final ImageShape SHAPE = new ImageShape(32, 32, 3);

  /** The bytes of a label and the pixels. */
  static final int RECORD = 1 + SHAPE.values();

  private static final int CLASSES = 10;

  private final String path;
  private final boolean gzip;
  private final Configuration hadoop;
  private final byte[] pixels = new byte[SHAPE.values()];
  private long record;
  private int label;
  private InputStream in;

  /**
   * @param path of a file of records
   * @param record the first to read, from 0
   */
  Cifar10Cursor(String path, boolean gzip, long record, Configuration hadoop) {
    this.path = path;
    this.gzip = gzip;
    this.record = record;
    this.hadoop = hadoop;
  }

  @Override
  public boolean next() throws IOException {
    long index = record++;
    try {
      if (in == null) {
        in = Gzip.openAt(path, gzip, index * RECORD, hadoop);
      }
      label = in.read();
      if (label < 0 && gzip) {
        return false;
      }
      if (in.readNBytes(pixels, 0, pixels.length) < pixels.length) {
        throw truncated();
      }
      return true;
    } catch (EOFException e) {
      throw truncated();
    } catch (ZipException e) {
      throw Gzip.damaged(path, e);
    }
  }

  @Override
  public int label() {
    if (label >= CLASSES) {
      throw ConveneException.data(
          "%s: record %d has the label %d, not one of 0..9: the file is damaged, or none of"
              + " CIFAR-10's binary version",
          path, record, label);
    }
    return label;
  }

  @Override
  public byte[] pixels() {
    return pixels;
  }

  private ConveneException truncated() {
    return ConveneException.data("%s is truncated: it ends within record %d", path, record);
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
    }
  }
}
