package dev.convene.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Image files of every kind that Java writes, for tests. */
public final class ImageFiles {
  private ImageFiles() {}

  /** An image of one type, whose pixels are {@code 0xRRGGBB}, row by row. */
  public static BufferedImage image(int type, int[][] rgb) {
    BufferedImage image = new BufferedImage(rgb[0].length, rgb.length, type);
    for (int y = 0; y < rgb.length; y++) {
      for (int x = 0; x < rgb[y].length; x++) {
        image.setRGB(x, y, 0xFF000000 | rgb[y][x]);
      }
    }
    return image;
  }

  /** An image whose grey samples are as given, row by row. */
  public static BufferedImage grey(int[][] samples) {
    BufferedImage image =
        new BufferedImage(samples[0].length, samples.length, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < samples.length; y++) {
      image.getRaster().setPixels(0, y, samples[y].length, 1, samples[y]);
    }
    return image;
  }

  /** An image of one colour. */
  public static BufferedImage plain(int width, int height, int rgb) {
    int[][] pixels = new int[height][width];
    Arrays.stream(pixels).forEach(row -> Arrays.fill(row, rgb));
    return image(BufferedImage.TYPE_INT_RGB, pixels);
  }

  /** The bytes of a file: png, jpg, gif, bmp, wbmp or tiff. */
  public static byte[] encoded(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalArgumentException("Java writes no such image as " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A JPEG of more or fewer colours than three, each sample 0. */
  public static byte[] jpegOfBands(int bands) {
    Raster samples = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, bands, null);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(new IIOImage(samples, null, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Writes a file in the format that its name ends in, and the folders above it. */
  public static void write(BufferedImage image, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    String name = file.toString();
    Files.write(file, encoded(image, name.substring(name.lastIndexOf('.') + 1)));
  }

  /** A PNG that claims a size and holds no pixel. */
  public static byte[] claiming(int width, int height) {
    byte[] png = encoded(plain(1, 1, 0), "png");
    ByteBuffer header = ByteBuffer.wrap(png);
    header.putInt(16, width).putInt(20, height);
    CRC32 checksum = new CRC32();
    checksum.update(png, 12, 17);
    header.putInt(29, (int) checksum.getValue());
    return png;
  }
}
