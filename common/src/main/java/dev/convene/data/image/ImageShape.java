package dev.convene.data.image;

import java.io.Serializable;

/**
 * What every image becomes: pixels of so many columns, rows and channels.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 */
public record ImageShape(int width, int height, int channels) implements Serializable {

  /** The length of {@link ImageDecoder#decode}'s result. */
  public int values() {
    return width * height * channels;
  }
}
