package dev.convene.blas;

import dev.convene.ConveneException;
import java.io.Serializable;
import org.apache.spark.SparkConf;

/**
 * Which BLAS to load: the settings {@code blas.library} and {@code blas.core-type}.
 *
 * @param library {@code bundled}, {@code system}, {@code java} or the path of a library
 * @param coreType an OpenBLAS core type such as {@code SkylakeX}, or {@code auto}
 */
public record BlasChoice(String library, String coreType) implements Serializable {
  /** The Spark setting that carries {@link #library} to the executors. */
  public static final String LIBRARY_KEY = "spark.convene.blas.library";

  /** The Spark setting that carries {@link #coreType} to the executors. */
  public static final String CORE_TYPE_KEY = "spark.convene.blas.coreType";

  static final String BUNDLED = "bundled";
  static final String SYSTEM = "system";
  static final String JAVA = "java";
  static final String AUTO = "auto";

  /** The OpenBLAS inside the jar, its core type by the CPU's flags. */
  public static final BlasChoice DEFAULT = new BlasChoice(BUNDLED, AUTO);

  public BlasChoice {
    if (library.isBlank() || coreType.isBlank()) {
      throw ConveneException.usage("blas.library and blas.core-type must not be empty");
    }
    if (library.equals(JAVA) && !coreType.equals(AUTO)) {
      throw ConveneException.usage(
          "blas.core-type = %s needs a native library, but blas.library = java", coreType);
    }
  }

  /** What {@code conf} asks for; {@link #DEFAULT}'s values for what it leaves open. */
  public static BlasChoice of(SparkConf conf) {
    return new BlasChoice(
        conf.get(LIBRARY_KEY, DEFAULT.library), conf.get(CORE_TYPE_KEY, DEFAULT.coreType));
  }

  boolean namesPath() {
    return !library.equals(BUNDLED) && !library.equals(SYSTEM) && !library.equals(JAVA);
  }

  boolean namesCoreType() {
    return !coreType.equals(AUTO);
  }
}
