package dev.convene.blas;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The OpenBLAS that bytedeco's jars carry, copied to a directory of this JVM alone: nothing is
 * shared with other JVMs, and nothing stays behind if the files are deleted once they are loaded.
 */
final class BundledOpenBlas {
  static final String LIBRARY = "libopenblas.so.0";

  private BundledOpenBlas() {}

  /** Puts OpenBLAS into {@code directory} and loads what it depends on; returns its path. */
  static Path extract(Path directory) throws BlasUnavailable {
    String os = System.getProperty("os.name");
    String architecture = System.getProperty("os.arch");
    if (!os.equals("Linux") || !(isX86() || architecture.equals("aarch64"))) {
      throw new BlasUnavailable(
          "the bundled OpenBLAS is for Linux on x86-64 and arm64, not for %s on %s"
              .formatted(os, architecture));
    }
    String folder = isX86() ? "linux-x86_64" : "linux-arm64";
    try {
      for (String companion : companions()) {
        loadCompanion(copy(folder, companion, directory));
      }
      return copy(folder, LIBRARY, directory);
    } catch (IOException | UnsatisfiedLinkError failure) {
      throw new BlasUnavailable("the bundled OpenBLAS cannot be unpacked", failure);
    }
  }

  private static boolean isX86() {
    return System.getProperty("os.arch").equals("amd64");
  }

  /** What OpenBLAS depends on, in the order in which they depend on each other. */
  private static List<String> companions() {
    return isX86()
        ? List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5")
        : List.of("libgcc_s.so.1", "libgfortran.so.4");
  }

  /** Prefers the system's: an older one of ours would also serve, and break, later libraries. */
  @SuppressWarnings("UnsafeDynamicallyLoadedCode")
  private static void loadCompanion(Path bundled) {
    try {
      NativeLibrary.getInstance(bundled.getFileName().toString());
    } catch (UnsatisfiedLinkError notInstalled) {
      System.load(bundled.toString());
    }
  }

  private static Path copy(String folder, String name, Path directory) throws IOException {
    String resource = "/org/bytedeco/openblas/" + folder + "/" + name;
    Path target = directory.resolve(name);
    try (InputStream content = BundledOpenBlas.class.getResourceAsStream(resource)) {
      if (content == null) {
        throw new IOException("no " + resource + " on the class path");
      }
      Files.copy(content, target);
    }
    return target;
  }
}
