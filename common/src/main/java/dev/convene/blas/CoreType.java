package dev.convene.blas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which of OpenBLAS's kernel sets a CPU can run. OpenBLAS itself goes by the CPU's family and
 * model: one that is newer than the library gets slow kernels, and equal CPUs may get unequal ones.
 */
final class CoreType {
  private static final Set<String> AVX2 = Set.of("avx2", "fma");
  private static final Set<String> AVX512 =
      Set.of("avx2", "fma", "avx512f", "avx512dq", "avx512vl", "avx512bw", "avx512cd");

  /** What those kernel sets are compiled for that a CPU may lack; the older ones run everywhere. */
  private static final Map<String, Set<String>> REQUIRED =
      Map.of(
          "haswell", AVX2,
          "zen", AVX2,
          "skylakex", AVX512,
          "cooperlake", AVX512,
          "sapphirerapids", AVX512);

  private CoreType() {}

  /** The fastest core type for an x86-64 CPU with {@code flags}; empty: OpenBLAS knows better. */
  static Optional<String> fastest(Set<String> flags) {
    return Stream.of("SkylakeX", "Haswell")
        .filter(coreType -> missingFlags(coreType, flags).isEmpty())
        .findFirst();
  }

  /** The flags that {@code coreType} needs and a CPU with {@code flags} lacks, in order. */
  static Set<String> missingFlags(String coreType, Set<String> flags) {
    Set<String> missing =
        new TreeSet<>(REQUIRED.getOrDefault(coreType.toLowerCase(Locale.ROOT), Set.of()));
    missing.removeAll(flags);
    return missing;
  }

  /** The flags of this machine's CPU as Linux names them; empty where there are none to read. */
  static Set<String> flagsOfThisMachine() {
    try {
      return flags(Files.readString(Path.of("/proc/cpuinfo")));
    } catch (IOException noLinux) {
      return Set.of();
    }
  }

  /** The flags of the first processor in the text of {@code /proc/cpuinfo}. */
  static Set<String> flags(String cpuinfo) {
    return cpuinfo
        .lines()
        .filter(line -> line.startsWith("flags"))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).trim())
        .map(flags -> Set.copyOf(Arrays.asList(flags.split(" +"))))
        .orElse(Set.of());
  }
}
