package dev.convene.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import java.util.zip.GZIPOutputStream;

/** Writes small IDX files for tests; a file whose name ends in .gz is gzipped. */
public final class IdxFiles {
  private IdxFiles() {}

  /** The pixel of an image at a place in it (row-major), 0..255. */
  @FunctionalInterface
  public interface Pixels {
    int at(int image, int place);
  }

  /**
   * Writes {@code prefix-images-idx3-ubyte} and {@code prefix-labels-idx1-ubyte}, with .gz if
   * asked, into a directory, which is made if it is missing.
   *
   * @return the directory
   */
  public static Path writePair(
      Path directory,
      String prefix,
      boolean gzip,
      int count,
      int rows,
      int columns,
      Pixels pixels,
      IntUnaryOperator labels) {
    String suffix = gzip ? ".gz" : "";
    write(
        directory.resolve(prefix + "-images-idx3-ubyte" + suffix),
        images(count, rows, columns, pixels));
    write(directory.resolve(prefix + "-labels-idx1-ubyte" + suffix), labels(count, labels));
    return directory;
  }

  /** The uncompressed bytes of an images file. */
  public static byte[] images(int count, int rows, int columns, Pixels pixels) {
    return bytes(
        out -> {
          out.writeInt(2051);
          out.writeInt(count);
          out.writeInt(rows);
          out.writeInt(columns);
          for (int image = 0; image < count; image++) {
            for (int place = 0; place < rows * columns; place++) {
              out.writeByte(pixels.at(image, place));
            }
          }
        });
  }

  /** The uncompressed bytes of a labels file. */
  public static byte[] labels(int count, IntUnaryOperator labels) {
    return bytes(
        out -> {
          out.writeInt(2049);
          out.writeInt(count);
          for (int i = 0; i < count; i++) {
            out.writeByte(labels.applyAsInt(i));
          }
        });
  }

  /** Writes a file, and its directory if it is missing. */
  public static Path write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, file.toString().endsWith(".gz") ? gzip(content) : content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The gzip form of some bytes. */
  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  private interface Content {
    void writeTo(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      content.writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
