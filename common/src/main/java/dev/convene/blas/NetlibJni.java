package dev.convene.blas;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The native side of {@code dev.ludovic.netlib}, which MLlib uses too. When first touched it opens
 * the one library that it uses for the life of the JVM, or gives up for as long.
 */
final class NetlibJni {
  static final String CLASS = "dev.ludovic.netlib.blas.JNIBLAS";

  private static final String PATH_PROPERTY = "dev.ludovic.netlib.blas.nativeLibPath";
  private static final String NAME_PROPERTY = "dev.ludovic.netlib.blas.nativeLib";

  /** Held here, because {@code java.util.logging} forgets the level of loggers nobody holds. */
  private static final Logger NETLIB_LOGGER =
      Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");

  private NetlibJni() {}

  /** Whether somebody else in this JVM has touched netlib and it has found a native library. */
  static boolean isLoaded() {
    try {
      // Not necessarily UTF-8: paths are bytes.
      return Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)
          .contains("/libnetlibblasjni.so");
    } catch (IOException noLinux) {
      return false;
    }
  }

  /** The path or name of the library that netlib opens by default or by its system properties. */
  static String ownLibrary() {
    return System.getProperty(PATH_PROPERTY, System.getProperty(NAME_PROPERTY, "libblas.so.3"));
  }

  /**
   * Has netlib open {@code library}: for MLlib, too, unless netlib has been touched before; then a
   * copy of its native side opens it.
   */
  static BLAS load(String library) throws BlasUnavailable {
    muteNetlib();
    String before = System.getProperty(PATH_PROPERTY);
    System.setProperty(PATH_PROPERTY, library);
    BLAS loaded = null;
    try {
      loaded = isLoaded() ? NetlibCopy.load() : loadForMllib();
      return loaded;
    } catch (ReflectiveOperationException | LinkageError | RuntimeException failure) {
      throw new BlasUnavailable("netlib's native side cannot be loaded", failure);
    } finally {
      if (loaded == null || !isOfMllib(loaded)) {
        restore(before);
      }
    }
  }

  private static BLAS loadForMllib() throws ReflectiveOperationException {
    try {
      // By way of NativeBLAS the reason of a failure would be lost.
      Class.forName(CLASS, true, BLAS.class.getClassLoader());
      return NativeBLAS.getInstance();
    } catch (NoClassDefFoundError gaveUpBefore) {
      return NetlibCopy.load();
    }
  }

  /** Whether MLlib computes with it, too. */
  static boolean isOfMllib(BLAS loaded) {
    return loaded.getClass().getClassLoader() == BLAS.class.getClassLoader();
  }

  /** Silences netlib's warnings about what it did not find: Convene reports what is used. */
  static void muteNetlib() {
    NETLIB_LOGGER.setLevel(Level.SEVERE);
  }

  private static void restore(String path) {
    if (path == null) {
      System.clearProperty(PATH_PROPERTY);
    } else {
      System.setProperty(PATH_PROPERTY, path);
    }
  }
}
