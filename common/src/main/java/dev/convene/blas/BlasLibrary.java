package dev.convene.blas;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An opened shared library that has the Fortran interface of BLAS. */
final class BlasLibrary {
  private static final Pattern OPENBLAS_VERSION = Pattern.compile("OpenBLAS \\d\\S*");

  /**
   * Resolves symbols when used, hides them from other libraries and prefers the library's own to
   * those of others (dlopen's RTLD_LAZY and, on Linux, RTLD_DEEPBIND): two OpenBLAS in one process,
   * MLlib's and Convene's, have the same names, and netlib opens its own for all to see.
   */
  private static final int OPEN_FLAGS = Platform.isLinux() ? 1 | 8 : 1;

  private final NativeLibrary library;

  private BlasLibrary(NativeLibrary library) {
    this.library = library;
  }

  /** Opens a path, or a name that the dynamic linker finds. */
  static BlasLibrary open(String name) throws BlasUnavailable {
    NativeLibrary library;
    try {
      library = NativeLibrary.getInstance(name, Map.of(Library.OPTION_OPEN_FLAGS, OPEN_FLAGS));
    } catch (UnsatisfiedLinkError failure) {
      // JNA goes on to print the class path; its second line is the dynamic linker's own message.
      throw new BlasUnavailable(
          name
              + " cannot be loaded: "
              + failure.getMessage().lines().skip(1).findFirst().orElse(""));
    }
    BlasLibrary opened = new BlasLibrary(library);
    if (!opened.has("sgemm_")) {
      throw new BlasUnavailable(name + " is not a BLAS: it has no function sgemm_");
    }
    if (opened.isOpenBlas() && opened.text("openblas_get_config").contains("USE64BITINT")) {
      throw new BlasUnavailable(name + " is an OpenBLAS with 64-bit integers, which do not fit");
    }
    return opened;
  }

  boolean isOpenBlas() {
    return has("openblas_get_corename");
  }

  /** {@code OpenBLAS} and its version, else the library's file name. */
  String title() {
    if (!isOpenBlas()) {
      return library.getName();
    }
    Matcher version = OPENBLAS_VERSION.matcher(text("openblas_get_config"));
    return version.find() ? version.group() : "OpenBLAS";
  }

  /** The kernel set in use; {@link LoadedBlas#NO_CORE_TYPE} where it is not OpenBLAS. */
  String coreType() {
    return isOpenBlas() ? text("openblas_get_corename") : LoadedBlas.NO_CORE_TYPE;
  }

  void useOneThread() {
    if (isOpenBlas()) {
      library.getFunction("openblas_set_num_threads").invokeVoid(new Object[] {1});
    }
  }

  private boolean has(String function) {
    try {
      library.getFunction(function);
      return true;
    } catch (UnsatisfiedLinkError missing) {
      return false;
    }
  }

  private String text(String function) {
    return library.getFunction(function).invokeString(new Object[0], false);
  }
}
