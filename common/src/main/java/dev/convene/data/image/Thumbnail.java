package dev.convene.data.image;

import java.io.Serializable;

/** A small image to look at: 8 bits a channel, as its pixels are or shrunk to a given size. */
public final class Thumbnail implements Serializable {
  private static final long serialVersionUID = 1;

  private final int width;
  private final int height;
  private final int channels;

  /** Channel by channel, each row by row. */
  private final byte[] values;

  private Thumbnail(int width, int height, int channels, byte[] values) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.values = values;
  }

  /**
   * The image of pixels, each pixel of the thumbnail the mean of those that it stands for.
   *
   * @param pixels in {@link ImageDecoder}'s order; those beyond 0..255 count as the nearest
   * @param mostSide the most pixels of its longer side, at least 1
   * @throws IllegalArgumentException if the pixels are not as many as the shape has
   */
  public static Thumbnail of(double[] pixels, ImageShape shape, int mostSide) {
    if (pixels.length != shape.values()) {
      throw new IllegalArgumentException(
          "%d pixels for an image of %d".formatted(pixels.length, shape.values()));
    }
    int longer = Math.max(shape.width(), shape.height());
    double scale = Math.min(1, (double) mostSide / longer);
    int width = (int) Math.max(1, Math.round(shape.width() * scale));
    int height = (int) Math.max(1, Math.round(shape.height() * scale));
    byte[] values = new byte[width * height * shape.channels()];
    int at = 0;
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          double mean =
              mean(
                  pixels,
                  shape,
                  channel,
                  new Span(x, width, shape.width()),
                  new Span(y, height, shape.height()));
          values[at++] = (byte) Math.round(Math.max(0, Math.min(255, mean)));
        }
      }
    }
    return new Thumbnail(width, height, shape.channels(), values);
  }

  /** The pixels of the image that a pixel of the thumbnail stands for, along one side. */
  private record Span(int from, int until) {
    Span(int index, int ofThumbnail, int ofImage) {
      this(index * ofImage / ofThumbnail, (index + 1) * ofImage / ofThumbnail);
    }
  }

  private static double mean(
      double[] pixels, ImageShape shape, int channel, Span columns, Span rows) {
    double sum = 0;
    int first = channel * shape.width() * shape.height();
    for (int y = rows.from; y < rows.until; y++) {
      for (int x = columns.from; x < columns.until; x++) {
        sum += pixels[first + y * shape.width() + x];
      }
    }
    return sum / ((columns.until - columns.from) * (rows.until - rows.from));
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** A pixel as 0xRRGGBB, column and row from 0, from the upper left. */
  public int rgb(int x, int y) {
    int rgb = 0;
    for (int colour = 0; colour < 3; colour++) {
      int channel = channels == 1 ? 0 : colour;
      rgb = (rgb << 8) | (values[(channel * height + y) * width + x] & 0xFF);
    }
    return rgb;
  }

  /** Its brightness there, 0..255, by the weights of Rec. 601. */
  public int grey(int x, int y) {
    int rgb = rgb(x, y);
    return (int)
        Math.round(0.299 * (rgb >> 16) + 0.587 * ((rgb >> 8) & 0xFF) + 0.114 * (rgb & 0xFF));
  }

  /** A PNG file's bytes, each pixel drawn as a square of so many by so many. */
  public byte[] png(int side) {
    return Png.of(width * side, height * side, (x, y) -> rgb(x / side, y / side));
  }
}
