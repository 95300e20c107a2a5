package dev.convene.data.pixels;

import java.io.Closeable;
import java.io.IOException;

/** Goes from image to image; of each, {@link #label} and {@link #pixels} are asked at most once. */
public interface ImageCursor extends Closeable {
  /**
   * Moves to the next image.
   *
   * @return false if there is none where the count is not known beforehand
   * @throws dev.convene.ConveneException if the file is damaged, here as in the other methods
   */
  boolean next() throws IOException;

  /** The image's label. */
  int label() throws IOException;

  /** The image's pixels, one unsigned byte each, in an array that the next image overwrites. */
  byte[] pixels() throws IOException;
}
