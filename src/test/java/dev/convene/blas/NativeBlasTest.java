package dev.convene.blas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.convene.ConveneException;
import dev.convene.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every case has a JVM of its own, because a JVM loads BLAS once. */
@Tag("spark")
@Tag("process")
class NativeBlasTest {
  private static final String SKYLAKE_X =
      "OpenBLAS 0.3.19 (bundled), core type SkylakeX, 1 thread per task";
  private static final String HASWELL =
      "OpenBLAS 0.3.19 (bundled), core type Haswell, 1 thread per task";
  private static final String JAVA = "java (Java11BLAS), core type none, 1 thread per task";
  private static final String VECTOR = "java (VectorBLAS), core type none, 1 thread per task";
  private static final String MLLIB_KEEPS_ITS_OWN =
      "MLlib used BLAS before Convene came and keeps what it found then; start Spark with --conf"
          + " spark.plugins=dev.convene.blas.BlasPlugin to have it compute with Convene's, too";

  @TempDir Path scratch;

  @BeforeEach
  void needsLinuxOnX86WithAvx2() {
    assumeThat(CoreType.fastest(CoreType.flagsOfThisMachine())).isPresent();
  }

  private static void needsAvx512() {
    assumeThat(CoreType.fastest(CoreType.flagsOfThisMachine())).contains("SkylakeX");
  }

  @Test
  void loadsTheBundledOpenBlasWithTheCoreTypeOfTheCpuAndLeavesNoFiles() throws Exception {
    needsAvx512();
    Path temporary = Files.createDirectory(scratch.resolve("tmp"));

    assertThat(probe(List.of("-Djava.io.tmpdir=" + temporary), Map.of(), "load", "bundled", "auto"))
        .contains("loaded: " + SKYLAKE_X, "sgemm: JNIBLAS")
        .anySatisfy(line -> assertThat(line).endsWith("INFO NativeBlas: BLAS: " + SKYLAKE_X));
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void respectsTheUsersCoreType() throws Exception {
    needsAvx512();
    assertThat(probe("load", "bundled", "haswell")).contains("loaded: " + HASWELL);
    Map<String, String> environment = Map.of("OPENBLAS_CORETYPE", "Haswell");
    assertThat(probe(List.of(), environment, "load", "bundled", "auto"))
        .contains("loaded: " + HASWELL, "sgemm: JNIBLAS");
    assertThat(probe(List.of(), environment, "load", "bundled", "SkylakeX"))
        .contains("loaded: " + SKYLAKE_X);
    assertThat(probe(List.of(), Map.of("OPENBLAS_CORETYPE", ""), "load", "bundled", "auto"))
        .contains("loaded: " + SKYLAKE_X);
  }

  @Test
  void needsNoHome() throws Exception {
    needsAvx512();
    Path noDirectory = Files.createFile(scratch.resolve("home"));

    assertThat(
            probe(
                List.of("-Duser.home=" + noDirectory),
                Map.of("HOME", noDirectory.toString(), "XDG_CACHE_HOME", noDirectory.toString()),
                "load",
                "bundled",
                "auto"))
        .contains("loaded: " + SKYLAKE_X);
  }

  @Test
  void warnsAndComputesInJavaWhereNothingCanBeUnpacked() throws Exception {
    Path missing = scratch.resolve("missing");

    assertThat(probe(List.of("-Djava.io.tmpdir=" + missing), Map.of(), "load", "bundled", "auto"))
        .contains("loaded: " + JAVA, "sgemm: Java11BLAS")
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "WARN NativeBlas: NO NATIVE BLAS: training will be several times slower in"
                            + " pure Java. blas.library = bundled failed: java.io.tmpdir is not"
                            + " usable: "
                            + missing));
  }

  @Test
  void computesInJavaWhenAsked() throws Exception {
    assertThat(probe("load", "java", "auto")).contains("loaded: " + JAVA, "sgemm: Java11BLAS");
    assertThat(
            probe(
                List.of("--add-modules", "jdk.incubator.vector"), Map.of(), "load", "java", "auto"))
        .contains("loaded: " + VECTOR, "sgemm: VectorBLAS");
  }

  @Test
  void keepsTheFirstChoice() throws Exception {
    assertThat(probe("second", "bundled", "auto"))
        .contains("loaded: " + JAVA)
        .anySatisfy(
            line ->
                assertThat(line)
                    .endsWith(
                        "WARN NativeBlas: blas.library = bundled, blas.core-type = auto comes too"
                            + " late for this JVM, which keeps "
                            + JAVA));
  }

  @Test
  void loadsALibraryByItsPath() throws Exception {
    Path library = BundledOpenBlas.extract(scratch);

    assertThat(probe("load", library.toString(), "Haswell"))
        .contains(
            "loaded: OpenBLAS 0.3.19 (%s), core type Haswell, 1 thread per task".formatted(library),
            "sgemm: JNIBLAS");
  }

  @Test
  void opensItsOwnLibraryBesideTheOneThatMllibHasOpened() throws Exception {
    String netlibsOwn =
        "-Ddev.ludovic.netlib.blas.nativeLibPath=" + BundledOpenBlas.extract(scratch);
    Map<String, String> environment = Map.of("OPENBLAS_CORETYPE", "Haswell");

    assertThat(probe(List.of(netlibsOwn), environment, "after-mllib", "bundled", "SkylakeX"))
        .contains("loaded: " + SKYLAKE_X, "sgemm: JNIBLAS", "MLlib's: JNIBLAS")
        .anySatisfy(line -> assertThat(line).endsWith(MLLIB_KEEPS_ITS_OWN));
  }

  @Test
  void opensItsOwnLibraryAfterMllibHasFoundNone() throws Exception {
    List<String> netlibsOwn = List.of("-Ddev.ludovic.netlib.blas.nativeLibPath=/none");

    assertThat(probe(netlibsOwn, Map.of(), "after-mllib", "bundled", "auto"))
        .contains("loaded: " + SKYLAKE_X, "sgemm: JNIBLAS", "MLlib's: Java11BLAS")
        .anySatisfy(line -> assertThat(line).endsWith(MLLIB_KEEPS_ITS_OWN));
    assertThat(probe(netlibsOwn, Map.of(), "spark-after-mllib", "bundled", "Haswell"))
        .contains("task: " + HASWELL);
  }

  @Test
  void sharesTheLibraryThatMllibHasOpenedIfItIsTheChosenOne() throws Exception {
    Path library = BundledOpenBlas.extract(scratch);
    List<String> netlibsOwn = List.of("-Ddev.ludovic.netlib.blas.nativeLibPath=" + library);
    Map<String, String> environment = Map.of("OPENBLAS_CORETYPE", "Haswell");
    String inUse = "OpenBLAS 0.3.19 (%s), core type Haswell, 1 thread per task".formatted(library);

    assertThat(probe(netlibsOwn, environment, "after-mllib", library.toString(), "auto"))
        .contains("loaded: " + inUse, "sgemm: JNIBLAS");
    assertThat(probe(netlibsOwn, environment, "after-mllib", "system", "auto"))
        .contains("loaded: " + inUse, "sgemm: JNIBLAS");
    assertThat(probe(netlibsOwn, environment, "after-mllib", "system", "SkylakeX"))
        .contains(
            "refused: blas.library = system, blas.core-type = SkylakeX cannot be used: OpenBLAS"
                + " 0.3.19 was in use before Convene came, with core type Haswell instead of"
                + " SkylakeX; start Spark with --conf"
                + " spark.plugins=dev.convene.blas.BlasPlugin");
  }

  @Test
  void refusesWhatCannotBeHad() throws Exception {
    assertThat(probe("load", "/none/libx.so", "auto"))
        .contains(
            "refused: blas.library = /none/libx.so, blas.core-type = auto cannot be used: there is"
                + " no such file; name a library's path, or bundled, system or java");
    Path text = Files.writeString(scratch.resolve("text.so"), "no library at all");
    assertThat(probe("load", text.toString(), "auto"))
        .contains(
            "refused: blas.library = %s, blas.core-type = auto cannot be used: %s cannot be loaded:"
                    .formatted(text, text)
                + " %s: file too short".formatted(text));
    BundledOpenBlas.extract(scratch);
    Path noBlas = scratch.resolve("libgcc_s.so.1");
    assertThat(probe("load", noBlas.toString(), "auto"))
        .contains(
            "refused: blas.library = %s, blas.core-type = auto cannot be used: %s is not a BLAS: it"
                    .formatted(noBlas, noBlas)
                + " has no function sgemm_");
    assertThat(probe("load", "bundled", "Skylake"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(
                        "refused: blas.library = bundled, blas.core-type = Skylake cannot be used:"
                            + " OpenBLAS 0.3.19 does not know this core type and took "));
    assertThatThrownBy(() -> new BlasChoice("java", "Haswell"))
        .isInstanceOf(ConveneException.class)
        .hasMessage("blas.core-type = Haswell needs a native library, but blas.library = java");
  }

  @Test
  void isLoadedByThePluginBeforeTheFirstTask() throws Exception {
    assertThat(probe("spark", "bundled", "Haswell"))
        .contains("task: " + HASWELL)
        .anySatisfy(
            line -> assertThat(line).endsWith("INFO NativeBlas: BLAS on driver: " + HASWELL));
  }

  private List<String> probe(String... arguments) throws Exception {
    return probe(List.of(), Map.of(), arguments);
  }

  private List<String> probe(
      List<String> jvmOptions, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(jvmOptions);
    options.add("-Dlog4j2.configurationFile=" + logToStandardOutput());
    return JavaProcess.of(BlasProbe.class, arguments)
        .withJvmOptions(options)
        .withEnvironment(
            variables -> {
              variables.remove("OPENBLAS_CORETYPE");
              variables.putAll(environment);
            })
        .lines();
  }

  private Path logToStandardOutput() throws IOException {
    return Files.writeString(
        scratch.resolve("log4j2.properties"),
        """
        rootLogger.level = warn
        rootLogger.appenderRef.out.ref = out
        logger.convene.name = dev.convene
        logger.convene.level = info
        appender.out.type = Console
        appender.out.name = out
        appender.out.layout.type = PatternLayout
        appender.out.layout.pattern = %p %c{1}: %m%n
        """);
  }
}
