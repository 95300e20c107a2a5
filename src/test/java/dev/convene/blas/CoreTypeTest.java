package dev.convene.blas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class CoreTypeTest {
  private static final Set<String> SANDY_BRIDGE =
      CoreType.flags(
          "flags\t\t: fpu vme sse sse2 ss ht syscall nx lm pni pclmulqdq ssse3 cx16 sse4_1 sse4_2"
              + " x2apic popcnt aes xsave avx\n");
  private static final Set<String> HASWELL =
      CoreType.flags(
          "processor\t: 0\nmodel name\t: Intel(R) Core(TM) i7-4770\n"
              + "flags\t\t: fpu sse sse2 ssse3 fma cx16 sse4_1 sse4_2 movbe popcnt aes xsave avx"
              + " f16c rdrand bmi1 avx2 smep bmi2 erms invpcid\n"
              + "bugs\t\t: spectre_v1\n\nprocessor\t: 1\nflags\t\t: fpu\n");
  private static final Set<String> ZEN_3 =
      CoreType.flags("flags\t\t: fpu sse2 ssse3 fma sse4a avx f16c avx2 bmi2 clzero vaes\n");
  private static final Set<String> ZEN_4 =
      CoreType.flags(
          "flags\t\t: fpu sse2 ssse3 fma sse4a avx f16c avx2 bmi2 avx512f avx512dq avx512ifma"
              + " avx512cd avx512bw avx512vl avx512_bf16 clzero avx512vbmi\n");
  private static final Set<String> SKYLAKE_X =
      CoreType.flags(
          "flags\t\t: fpu sse2 ssse3 fma avx f16c avx2 bmi2 rtm mpx avx512f avx512dq avx512cd"
              + " avx512bw avx512vl\n");
  private static final Set<String> KNIGHTS_LANDING =
      CoreType.flags(
          "flags\t\t: fpu sse2 ssse3 fma avx f16c avx2 bmi2 avx512f avx512pf avx512er avx512cd\n");
  private static final Set<String> ARM_64 =
      CoreType.flags("processor\t: 0\nFeatures\t: fp asimd evtstrm aes sha1 atomics fphp sve\n");

  @Test
  void takesTheWidestKernelsThatTheCpuRuns() {
    assertThat(CoreType.fastest(SKYLAKE_X)).hasValue("SkylakeX");
    assertThat(CoreType.fastest(ZEN_4)).hasValue("SkylakeX");
    assertThat(CoreType.fastest(HASWELL)).hasValue("Haswell");
    assertThat(CoreType.fastest(ZEN_3)).hasValue("Haswell");
    assertThat(CoreType.fastest(KNIGHTS_LANDING)).hasValue("Haswell");
  }

  @Test
  void leavesOtherCpusToOpenBlas() {
    assertThat(CoreType.fastest(SANDY_BRIDGE)).isEmpty();
    assertThat(CoreType.fastest(ARM_64)).isEmpty();
    assertThat(CoreType.fastest(Set.of())).isEmpty();
  }

  @Test
  void namesTheFlagsThatACoreTypeMisses() {
    assertThat(CoreType.missingFlags("SKYLAKEX", HASWELL))
        .containsExactly("avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl");
    assertThat(CoreType.missingFlags("Cooperlake", KNIGHTS_LANDING))
        .containsExactly("avx512bw", "avx512dq", "avx512vl");
    assertThat(CoreType.missingFlags("Haswell", SANDY_BRIDGE)).containsExactly("avx2", "fma");
    assertThat(CoreType.missingFlags("Zen", ZEN_3)).isEmpty();
    assertThat(CoreType.missingFlags("Nehalem", SANDY_BRIDGE)).isEmpty();
  }
}
