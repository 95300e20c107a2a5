package dev.convene.scorer;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** The file that {@code submit/convene export CONF --to onnx} writes. */
final class ModelFile {
  /** Its name in a training's output. */
  static final String NAME = "model.onnx";

  /** The newest version of what a graph is made of that is read here. */
  private static final int FORMAT_VERSION = 1;

  private static final String FORMAT_KEY = "convene.format";
  private static final String DIGEST_KEY = "convene.graph.sha256";

  private ModelFile() {}

  /**
   * The file of a model.
   *
   * @param place the file itself, a training's output, or the model in one
   * @throws ScorerException if there is none
   */
  static Path in(Path place) {
    if (!Files.isDirectory(place)) {
      return place;
    }
    Path beside = place.toAbsolutePath().normalize().resolveSibling(NAME);
    Path inside = place.resolve(NAME);
    boolean isModel = Files.isDirectory(place.resolve("metadata"));
    if (Files.isRegularFile(inside)) {
      return inside;
    } else if (isModel && Files.isRegularFile(beside)) {
      return beside;
    }
    throw new ScorerException(
        "there is no %s in %s: write it with submit/convene export CONF --to onnx"
            .formatted(NAME, place));
  }

  /**
   * Reads the graph.
   *
   * @throws ScorerException if the file is damaged, of a newer format, or no model of Convene's
   */
  static OnnxGraph read(Path file) throws IOException {
    ByteBuffer bytes;
    try {
      bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new ScorerException("there is no model " + file, e);
    }
    try {
      return read(file, new WireReader(bytes));
    } catch (IllegalArgumentException | BufferUnderflowException | ArithmeticException e) {
      throw damaged(file, e);
    }
  }

  private static OnnxGraph read(Path file, WireReader message) {
    ByteBuffer graph = ByteBuffer.allocate(0);
    Map<String, String> metadata = new HashMap<>();
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 7 -> graph = message.bytes();
        case 14 -> addEntry(message.message(), metadata);
        default -> message.skip();
      }
    }
    requireReadable(file, metadata.get(FORMAT_KEY));
    if (!sha256(graph.duplicate()).equals(metadata.get(DIGEST_KEY))) {
      throw damaged(file, null);
    }
    return OnnxGraph.read(new WireReader(graph));
  }

  private static void addEntry(WireReader entry, Map<String, String> metadata) {
    String key = "";
    String value = "";
    for (int field = entry.nextField(); field != 0; field = entry.nextField()) {
      switch (field) {
        case 1 -> key = entry.text();
        case 2 -> value = entry.text();
        default -> entry.skip();
      }
    }
    metadata.put(key, value);
  }

  private static void requireReadable(Path file, String version) {
    if (version == null) {
      throw new ScorerException(
          "%s is not a model that Convene exported, or it is damaged: export it again"
              .formatted(file));
    }
    if (Integer.parseInt(version) > FORMAT_VERSION) {
      throw new ScorerException(
          "%s is of format version %s, and this scorer reads versions up to %s: upgrade convene-scorer"
              .formatted(file, version, FORMAT_VERSION));
    }
  }

  private static ScorerException damaged(Path file, Throwable cause) {
    return new ScorerException(
        "%s is damaged, or changed since it was exported: export it again".formatted(file), cause);
  }

  private static String sha256(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
