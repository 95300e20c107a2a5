package dev.convene.checkpoint;

import dev.convene.train.Progress;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A training's progress and what it is the progress of.
 *
 * <p>As bytes: a magic number (8 bytes), the format version (4), the header's length (4), the
 * header, which is JSON in UTF-8, and the CRC-32C of version, length and header (4); then each of
 * the header's arrays in blocks of {@value #BLOCK} float32, the last one shorter, little-endian,
 * each followed by its CRC-32C. Other numbers are big-endian. Nothing follows.
 */
record Checkpoint(Fingerprint fingerprint, Progress progress) {
  /** The version that is written, and the last that is read. */
  static final int VERSION = 1;

  private static final long MAGIC = 0x436F6E76656E6500L; // "Convene" and 0
  private static final int FIXED_BYTES = Long.BYTES + 3 * Integer.BYTES;
  private static final int BLOCK = 1 << 18;

  void write(OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    byte[] header = CheckpointHeader.of(fingerprint, progress).write();
    out.writeLong(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(header.length);
    out.write(header);
    out.writeInt(checksum(VERSION, header));
    byte[] block = new byte[BLOCK * Float.BYTES];
    for (float[] array : CheckpointHeader.arrays(progress)) {
      for (int start = 0; start < array.length; start += BLOCK) {
        int length = Math.min(BLOCK, array.length - start);
        floats(block).put(array, start, length);
        out.write(block, 0, length * Float.BYTES);
        out.writeInt(checksum(block, length));
      }
    }
    out.flush();
  }

  /**
   * Reads a file of so many bytes. Memory is taken for no more than these.
   *
   * @throws UnusableCheckpointException if it is damaged or newer
   */
  static Checkpoint read(InputStream stream, long bytes) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    try {
      CheckpointHeader header = readHeader(in, bytes);
      List<float[]> arrays = new ArrayList<>();
      byte[] block = new byte[Math.min(BLOCK, header.length()) * Float.BYTES];
      for (int i = 0; i < header.arrays(); i++) {
        arrays.add(readArray(in, header.length(), block));
      }
      return new Checkpoint(header.fingerprint(), header.progress(arrays));
    } catch (EOFException e) {
      throw UnusableCheckpointException.damaged("it ends too early", e);
    }
  }

  private static CheckpointHeader readHeader(DataInputStream in, long bytes) throws IOException {
    if (in.readLong() != MAGIC) {
      throw UnusableCheckpointException.damaged("it does not begin like one");
    }
    int version = in.readInt();
    int headerLength = in.readInt();
    if (headerLength < 0 || headerLength > bytes - FIXED_BYTES) {
      throw UnusableCheckpointException.damaged("its header is longer than the file");
    }
    byte[] json = new byte[headerLength];
    in.readFully(json);
    if (in.readInt() != checksum(version, json)) {
      throw UnusableCheckpointException.damaged("the checksum of its header is wrong");
    }
    if (version > VERSION) {
      throw new UnusableCheckpointException(
          "is of format version %s, and this version of Convene reads format versions up to %s"
              .formatted(version, VERSION));
    }
    CheckpointHeader header = CheckpointHeader.read(json);
    long blocks = (header.length() + BLOCK - 1L) / BLOCK;
    long bytesOfArray = (long) header.length() * Float.BYTES + blocks * Integer.BYTES;
    if (bytes - FIXED_BYTES - headerLength != header.arrays() * bytesOfArray) {
      throw UnusableCheckpointException.damaged(
          "it has %s bytes, and %s arrays of %s numbers do not take as many"
              .formatted(bytes, header.arrays(), header.length()));
    }
    return header;
  }

  private static float[] readArray(DataInputStream in, int length, byte[] block)
      throws IOException {
    float[] array = new float[length];
    for (int start = 0; start < length; start += BLOCK) {
      int part = Math.min(BLOCK, length - start);
      in.readFully(block, 0, part * Float.BYTES);
      if (in.readInt() != checksum(block, part)) {
        throw UnusableCheckpointException.damaged("the checksum of a block is wrong");
      }
      floats(block).get(array, start, part);
    }
    return array;
  }

  private static FloatBuffer floats(byte[] block) {
    return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static int checksum(int version, byte[] header) {
    CRC32C checksum = new CRC32C();
    checksum.update(
        ByteBuffer.allocate(2 * Integer.BYTES).putInt(version).putInt(header.length).flip());
    checksum.update(header);
    return (int) checksum.getValue();
  }

  private static int checksum(byte[] block, int numbers) {
    CRC32C checksum = new CRC32C();
    checksum.update(block, 0, numbers * Float.BYTES);
    return (int) checksum.getValue();
  }
}
