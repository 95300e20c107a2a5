package dev.convene.data.image;

/** A file that is no image, or none that can be used: the message says what is wrong with it. */
public final class UnreadableImageException extends Exception {
  UnreadableImageException(String message) {
    super(message);
  }

  UnreadableImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
