package dev.convene.blas;

import dev.ludovic.netlib.blas.BLAS;

/**
 * The BLAS of this JVM. Results agree bit for bit only between JVMs with equal {@code library} and
 * {@code coreType}.
 *
 * @param blas computes; safe for use by many threads, each call on the caller's thread alone
 * @param library such as {@code OpenBLAS 0.3.19 (bundled)} or {@code java (VectorBLAS)}
 * @param coreType the kernels OpenBLAS runs, such as {@code SkylakeX}; {@code none} without
 *     OpenBLAS
 */
public record LoadedBlas(BLAS blas, String library, String coreType) {
  static final String NO_CORE_TYPE = "none";

  /** One line for a log. */
  public String describe() {
    return "%s, core type %s, 1 thread per task".formatted(library, coreType);
  }
}
