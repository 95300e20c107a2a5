package dev.convene.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.SampleModel;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes image files (PNG, JPEG, GIF, BMP) to pixels of one shape, by the JDK's own readers: what
 * plug-ins there are makes no difference.
 */
public final class ImageDecoder implements Serializable {
  private static final Set<String> FORMATS = Set.of("png", "jpg", "gif", "bmp");

  /** The longest side: a row of doubles takes 1.5 MB. */
  private static final int MOST_PIXELS_ACROSS = 65_535;

  /** Of a decoded image; what else decoding takes is of this order at most. */
  private static final long MOST_BYTES = 300_000_000;

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
    try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      ImageReader reader = reader(input);
      try {
        reader.setInput(input, true, true);
        return pixels(resized(PixelRows.of(image(reader))));
      } finally {
        reader.dispose();
      }
    } catch (EOFException e) {
      throw new UnreadableImageException("the image is damaged: the file ends too early", e);
    } catch (IOException | RuntimeException e) {
      // Readers meet damage with all kinds of exceptions, some not before pixels are asked for.
      throw new UnreadableImageException("the image is damaged: " + e.getMessage(), e);
    }
  }

  private static ImageReader reader(ImageInputStream input) throws UnreadableImageException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      ImageReaderSpi provider = reader.getOriginatingProvider();
      if (provider.getClass().getModule() == ImageIO.class.getModule()
          && Arrays.stream(provider.getFormatNames()).anyMatch(FORMATS::contains)) {
        return reader;
      }
      reader.dispose();
    }
    throw new UnreadableImageException("the file is no image (PNG, JPEG, GIF or BMP)");
  }

  private static BufferedImage image(ImageReader reader)
      throws IOException, UnreadableImageException {
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    requireSides(reader.getWidth(0), reader.getHeight(0));
    ImageTypeSpecifier type = typeAsStored(reader);
    requireBytes(reader.getWidth(0), reader.getHeight(0), type.getSampleModel());
    ImageReadParam asStored = reader.getDefaultReadParam();
    asStored.setDestinationType(type);
    BufferedImage image = reader.read(0, asStored);
    // The JPEG reader leaves grey what a truncated file lacks, and only warns.
    for (String warning : warnings) {
      if (warning.startsWith("Truncated File")
          || warning.endsWith("premature end of data segment")) {
        throw new UnreadableImageException("the image is damaged: the file ends too early");
      }
    }
    return image;
  }

  /**
   * To sRGB the JPEG reader converts by the profile in the file, to the profile's RGB it need not.
   */
  private static ImageTypeSpecifier typeAsStored(ImageReader reader)
      throws IOException, UnreadableImageException {
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    if (!types.hasNext()) {
      throw UnreadableImageException.ofOtherColours();
    }
    ImageTypeSpecifier first = types.next();
    while (types.hasNext()) {
      ImageTypeSpecifier other = types.next();
      ColorSpace colours = other.getColorModel().getColorSpace();
      if (colours.getType() == ColorSpace.TYPE_RGB && !colours.isCS_sRGB()) {
        return other;
      }
    }
    return first;
  }

  /** By the header alone, as the next one: a file of a few bytes may claim any size. */
  private static void requireSides(int width, int height) throws UnreadableImageException {
    if (width > MOST_PIXELS_ACROSS || height > MOST_PIXELS_ACROSS) {
      throw new UnreadableImageException(
          "the image is of %d x %d pixels, more than the %d across that are decoded"
              .formatted(width, height, MOST_PIXELS_ACROSS));
    }
  }

  private static void requireBytes(long width, long height, SampleModel pixel)
      throws UnreadableImageException {
    int bytes =
        pixel.getNumDataElements() * DataBuffer.getDataTypeSize(pixel.getTransferType()) / 8;
    if (width * height * bytes > MOST_BYTES) {
      throw new UnreadableImageException(
          "the image is of %d x %d pixels of %d bytes, more than the %d bytes that are decoded"
              .formatted(width, height, bytes, MOST_BYTES));
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
