package dev.convene.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;

/**
 * The rows of a decoded image as numbers in 0..255 of 1 band (grey) or 3 (red, green, blue), as the
 * file has them: no colour profile is applied, and how transparent a pixel is makes no difference.
 */
final class PixelRows {
  private final BufferedImage image;
  private final int bands;

  /** What the image's own samples are multiplied by; 0 to go by their colours. */
  private final double scale;

  private int[] samples;

  private PixelRows(BufferedImage image, int bands, double scale) {
    this.image = image;
    this.bands = bands;
    this.scale = scale;
  }

  /**
   * @throws UnreadableImageException if the colours are neither grey nor RGB
   */
  static PixelRows of(BufferedImage image) throws UnreadableImageException {
    ColorModel model = image.getColorModel();
    int type = model.getColorSpace().getType();
    if (type != ColorSpace.TYPE_GRAY && type != ColorSpace.TYPE_RGB) {
      throw UnreadableImageException.ofOtherColours();
    }
    int transfer = model.getTransferType();
    boolean whole = transfer == DataBuffer.TYPE_BYTE || transfer == DataBuffer.TYPE_USHORT;
    // Java's getRGB takes grey samples for linear light, and brightens them.
    return model instanceof ComponentColorModel && whole
        ? new PixelRows(
            image,
            type == ColorSpace.TYPE_GRAY ? 1 : 3,
            255.0 / ((1 << model.getComponentSize(0)) - 1))
        : new PixelRows(image, 3, 0);
  }

  int width() {
    return image.getWidth();
  }

  int height() {
    return image.getHeight();
  }

  int bands() {
    return bands;
  }

  /** Reads a row, pixel by pixel. */
  void read(int y, double[] row) {
    if (scale == 0) {
      samples = image.getRGB(0, y, width(), 1, samples, 0, width());
      for (int x = 0; x < width(); x++) {
        row[3 * x] = samples[x] >> 16 & 0xFF;
        row[3 * x + 1] = samples[x] >> 8 & 0xFF;
        row[3 * x + 2] = samples[x] & 0xFF;
      }
      return;
    }
    samples = image.getRaster().getPixels(0, y, width(), 1, samples);
    int stride = image.getRaster().getNumBands();
    for (int x = 0; x < width(); x++) {
      for (int band = 0; band < bands; band++) {
        row[x * bands + band] = scale * samples[x * stride + band];
      }
    }
  }
}
