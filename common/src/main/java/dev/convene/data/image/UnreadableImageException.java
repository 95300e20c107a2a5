package dev.convene.data.image;

/** A file that is no image, or none that can be used: the message names the problem. */
public final class UnreadableImageException extends Exception {
  UnreadableImageException(String message) {
    super(message);
  }

  UnreadableImageException(String message, Throwable cause) {
    super(message, cause);
  }

  static UnreadableImageException ofOtherColours() {
    return new UnreadableImageException(
        "the image's colours are neither grey nor RGB, but maybe CMYK");
  }
}
