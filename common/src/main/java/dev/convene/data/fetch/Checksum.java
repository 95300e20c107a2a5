package dev.convene.data.fetch;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests that show whether a download is the published file. */
final class Checksum {
  private Checksum() {}

  /** A digest that every Java platform has. */
  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Compares the bytes read with those published, in hexadecimal.
   *
   * @throws IOException if they differ
   */
  static void require(String expected, MessageDigest read) throws IOException {
    String found = HexFormat.of().formatHex(read.digest());
    if (!found.equals(expected)) {
      throw new IOException(
          "wrong checksum: " + read.getAlgorithm() + " " + found + " instead of " + expected);
    }
  }
}
