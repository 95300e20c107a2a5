package dev.convene.data.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes the image files that Java reads (PNG, JPEG, GIF, BMP, TIFF) to pixels of one shape. */
public final class ImageDecoder implements Serializable {
  /** As bytes in memory, an image of so many pixels takes 300 MB. */
  private static final long MOST_PIXELS = 100_000_000;

  private final ImageShape shape;

  public ImageDecoder(ImageShape shape) {
    this.shape = shape;
  }

  /**
   * The first image in a file, stretched to the shape ({@link Resampling}): whole numbers in
   * 0..255, channel by channel (red, green, blue), each row by row from the top. Colours become
   * grey as 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601). An orientation in EXIF data is not
   * applied.
   */
  public double[] decode(byte[] file) throws UnreadableImageException {
    if (file.length == 0) {
      throw new UnreadableImageException("the file is empty");
    }
    ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file));
    Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
    if (!readers.hasNext()) {
      throw new UnreadableImageException("the file is no image (PNG, JPEG, GIF, BMP or TIFF)");
    }
    ImageReader reader = readers.next();
    try {
      reader.setInput(input, true, true);
      return pixels(resized(PixelRows.of(image(reader))));
    } finally {
      reader.dispose();
    }
  }

  private static BufferedImage image(ImageReader reader) throws UnreadableImageException {
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    BufferedImage image;
    try {
      requireDecodable(reader.getWidth(0), reader.getHeight(0));
      image = reader.read(0);
    } catch (EOFException e) {
      throw new UnreadableImageException("the image is damaged: the file ends too early", e);
    } catch (IOException | RuntimeException e) {
      // Readers meet damage with all kinds of exceptions.
      throw new UnreadableImageException("the image is damaged: " + e.getMessage(), e);
    }
    // The JPEG reader leaves grey what a truncated file lacks, and only warns.
    for (String warning : warnings) {
      if (warning.startsWith("Truncated File")
          || warning.endsWith("premature end of data segment")) {
        throw new UnreadableImageException("the image is damaged: the file ends too early");
      }
    }
    return image;
  }

  /** By the header alone: a file of a few bytes may claim any size. */
  private static void requireDecodable(long width, long height) throws UnreadableImageException {
    if (width * height > MOST_PIXELS) {
      throw new UnreadableImageException(
          "the image is of %d x %d pixels, more than the %d that are decoded"
              .formatted(width, height, MOST_PIXELS));
    }
  }

  /** Of the shape's width and height; each row pixel by pixel, in the image's own bands. */
  private double[][] resized(PixelRows image) {
    Resampling across = Resampling.of(image.width(), shape.width());
    Resampling down = Resampling.of(image.height(), shape.height());
    double[] row = new double[image.width() * image.bands()];
    double[] narrow = new double[shape.width() * image.bands()];
    double[][] resized = new double[shape.height()][narrow.length];
    int oldest = 0;
    for (int y = 0; y < image.height(); y++) {
      image.read(y, row);
      across.apply(row, image.bands(), narrow);
      while (down.end(oldest) <= y) {
        oldest++;
      }
      for (int to = oldest; to < shape.height() && down.first(to) <= y; to++) {
        double weight = down.weight(to, y);
        for (int i = 0; i < narrow.length; i++) {
          resized[to][i] += weight * narrow[i];
        }
      }
    }
    return resized;
  }

  private double[] pixels(double[][] rows) {
    int area = shape.width() * shape.height();
    double[] pixels = new double[shape.values()];
    for (int y = 0; y < shape.height(); y++) {
      int bands = rows[y].length / shape.width();
      for (int x = 0; x < shape.width(); x++) {
        for (int channel = 0; channel < shape.channels(); channel++) {
          pixels[channel * area + y * shape.width() + x] =
              Math.rint(value(rows[y], x * bands, bands, channel));
        }
      }
    }
    return pixels;
  }

  private double value(double[] row, int at, int bands, int channel) {
    if (bands == 1) {
      return row[at];
    }
    return shape.channels() == 3
        ? row[at + channel]
        : 0.299 * row[at] + 0.587 * row[at + 1] + 0.114 * row[at + 2];
  }
}
