package dev.convene.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The fingerprint by which two runs are seen to have the same parameters, bit for bit. */
public final class ParametersDigest {
  private static final int CHUNK = 1 << 14;

  private ParametersDigest() {}

  /** SHA-256, in lower-case hex, of the parameters' float32 bytes, little-endian. */
  public static String sha256(float[] parameters) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int start = 0; start < parameters.length; start += CHUNK) {
      int length = Math.min(CHUNK, parameters.length - start);
      bytes.asFloatBuffer().put(parameters, start, length);
      digest.update(bytes.array(), 0, length * Float.BYTES);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
