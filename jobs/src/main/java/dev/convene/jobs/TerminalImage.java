package dev.convene.jobs;

import dev.convene.data.image.Thumbnail;

/**
 * An image as text, two rows of pixels in a line: in a terminal as half blocks of 24-bit colours,
 * elsewhere as characters that are the denser the brighter the pixels are.
 */
record TerminalImage(Thumbnail image) {
  /** As many columns as a narrow terminal has. */
  static final int MOST_COLUMNS = 72;

  private static final String UPPER_HALF = "▀";
  private static final String RAMP = " .:-=+*#%@";

  /** The lines, each with its line end. */
  String text(boolean inColour) {
    StringBuilder text = new StringBuilder();
    for (int y = 0; y < image.height(); y += 2) {
      int lower = Math.min(y + 1, image.height() - 1);
      StringBuilder line = new StringBuilder();
      for (int x = 0; x < image.width(); x++) {
        line.append(inColour ? halfBlock(x, y, lower) : character(x, y, lower));
      }
      text.append(inColour ? line + "\u001b[0m" : line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private String halfBlock(int x, int upper, int lower) {
    return "\u001b[38;2;%s;48;2;%sm%s"
        .formatted(colour(image.rgb(x, upper)), colour(image.rgb(x, lower)), UPPER_HALF);
  }

  private static String colour(int rgb) {
    return "%d;%d;%d".formatted(rgb >> 16, (rgb >> 8) & 0xFF, rgb & 0xFF);
  }

  private char character(int x, int upper, int lower) {
    int grey = (image.grey(x, upper) + image.grey(x, lower)) / 2;
    return RAMP.charAt(grey * (RAMP.length() - 1) / 255);
  }
}
