package dev.convene.data.pixels;

/** The columns of labelled images. */
public final class PixelColumns {
  /** The class, a double. */
  public static final String LABEL = "label";

  /** The pixels, an MLlib vector of numbers 0..255. */
  public static final String FEATURES = "features";

  /** The image's index in its file, a long from 0. */
  public static final String ROW = "row";

  private PixelColumns() {}
}
