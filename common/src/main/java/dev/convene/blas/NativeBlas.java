package dev.convene.blas;

import dev.convene.ConveneException;
import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the BLAS of this JVM, once. */
public final class NativeBlas {
  static final String PLUGIN_HINT =
      "start Spark with --conf spark.plugins=" + BlasPlugin.class.getName();

  private static final Logger LOG = LoggerFactory.getLogger(NativeBlas.class);
  private static final String CORE_TYPE_VARIABLE = "OPENBLAS_CORETYPE";

  private static final Set<BlasChoice> REPORTED = new HashSet<>();

  private static volatile LoadedBlas loaded;

  private NativeBlas() {}

  /** What was loaded; else loads what Spark's settings say, or the default without Spark. */
  public static LoadedBlas load() {
    if (loaded != null) {
      return loaded;
    }
    SparkEnv spark = SparkEnv.get();
    return load(spark == null ? BlasChoice.DEFAULT : BlasChoice.of(spark.conf()));
  }

  /**
   * Loads what {@code choice} says, or returns what was loaded before: the first choice holds for
   * the life of the JVM. Where {@code bundled} or {@code system} fails, pure Java takes its place.
   *
   * @throws ConveneException if {@code choice} names a path or a core type that cannot be used
   */
  public static synchronized LoadedBlas load(BlasChoice choice) {
    if (loaded == null) {
      loaded = choice.library().equals(BlasChoice.JAVA) ? pureJava() : openOrFallBack(choice);
      REPORTED.add(choice);
      LOG.info("BLAS{}: {}", place(), loaded.describe());
    } else if (REPORTED.add(choice)) {
      LOG.warn(
          "blas.library = {}, blas.core-type = {} comes too late for this JVM{}, which keeps {}",
          choice.library(),
          choice.coreType(),
          place(),
          loaded.describe());
    }
    return loaded;
  }

  private static LoadedBlas openOrFallBack(BlasChoice choice) {
    String reason;
    try {
      return isInUse(choice) ? adopt(choice) : open(choice);
    } catch (BlasUnavailable unavailable) {
      reason = unavailable.getMessage();
    } catch (LinkageError jnaFailure) {
      reason = "JNA cannot be loaded: " + jnaFailure.getMessage();
    }
    if (choice.namesPath() || choice.namesCoreType()) {
      throw ConveneException.usage(
          "blas.library = %s, blas.core-type = %s cannot be used%s: %s",
          choice.library(), choice.coreType(), place(), reason);
    }
    LOG.warn(
        "NO NATIVE BLAS{}: training will be several times slower in pure Java. blas.library = {}"
            + " failed: {}",
        place(),
        choice.library(),
        reason);
    return pureJava();
  }

  private static LoadedBlas open(BlasChoice choice) throws BlasUnavailable {
    String variableBefore = ProcessEnvironment.variable(CORE_TYPE_VARIABLE);
    String coreType = coreType(choice, variableBefore);
    if (coreType != null) {
      ProcessEnvironment.set(CORE_TYPE_VARIABLE, coreType);
    }
    // One core is one task: a library that starts threads of its own would only compete with them.
    ProcessEnvironment.set("OPENBLAS_NUM_THREADS", "1");
    ProcessEnvironment.set("OMP_NUM_THREADS", "1");
    try {
      return choice.library().equals(BlasChoice.BUNDLED)
          ? openBundled(choice, coreType)
          : openInstalled(choice, coreType);
    } catch (BlasUnavailable refused) {
      ProcessEnvironment.set(CORE_TYPE_VARIABLE, variableBefore);
      throw refused;
    }
  }

  /** What to ask OpenBLAS for; null: nothing. A setting goes before the user's own variable. */
  private static String coreType(BlasChoice choice, String variable) throws BlasUnavailable {
    Set<String> flags = CoreType.flagsOfThisMachine();
    if (!choice.namesCoreType() && (variable == null || variable.isEmpty())) {
      return CoreType.fastest(flags).orElse(null);
    }
    String wanted = choice.namesCoreType() ? choice.coreType() : variable;
    Set<String> missing = flags.isEmpty() ? Set.of() : CoreType.missingFlags(wanted, flags);
    if (!missing.isEmpty()) {
      throw new BlasUnavailable(
          "core type %s needs a CPU with %s".formatted(wanted, String.join(", ", missing)));
    }
    return wanted;
  }

  private static LoadedBlas openBundled(BlasChoice choice, String coreType) throws BlasUnavailable {
    Path directory = null;
    try {
      directory = Files.createTempDirectory("convene-blas");
      Path library = BundledOpenBlas.extract(directory);
      return openLibrary(library.toString(), BlasChoice.BUNDLED, choice, coreType);
    } catch (IOException failure) {
      throw new BlasUnavailable("java.io.tmpdir is not usable", failure);
    } finally {
      // A loaded library needs its file no more.
      delete(directory);
    }
  }

  private static LoadedBlas openInstalled(BlasChoice choice, String coreType)
      throws BlasUnavailable {
    if (choice.namesPath()) {
      if (!Files.isRegularFile(Path.of(choice.library()))) {
        throw new BlasUnavailable(
            "there is no such file; name a library's path, or bundled, system or java");
      }
      return openLibrary(choice.library(), choice.library(), choice, coreType);
    }
    return openLibrary(NetlibJni.ownLibrary(), BlasChoice.SYSTEM, choice, coreType);
  }

  private static LoadedBlas openLibrary(
      String name, String origin, BlasChoice choice, String coreType) throws BlasUnavailable {
    BlasLibrary library = BlasLibrary.open(name);
    checkCoreType(library, choice, coreType);
    library.useOneThread();
    BLAS blas = NetlibJni.load(name);
    if (!NetlibJni.isOfMllib(blas)) {
      LOG.warn(
          "MLlib used BLAS before Convene came{} and keeps what it found then; {} to have it compute"
              + " with Convene's, too",
          place(),
          PLUGIN_HINT);
    }
    return new LoadedBlas(blas, library.title() + " (" + origin + ")", library.coreType());
  }

  /** OpenBLAS passes over a core type that it does not know. */
  private static void checkCoreType(BlasLibrary library, BlasChoice choice, String wanted)
      throws BlasUnavailable {
    if (wanted == null || library.coreType().equalsIgnoreCase(wanted)) {
      return;
    }
    if (choice.namesCoreType()) {
      throw new BlasUnavailable(
          library.isOpenBlas()
              ? "%s does not know this core type and took %s"
                  .formatted(library.title(), library.coreType())
              : "%s is not OpenBLAS and has no core types".formatted(library.title()));
    }
    if (library.isOpenBlas()) {
      LOG.warn(
          "{} does not know the core type {} and took {}{}",
          library.title(),
          wanted,
          library.coreType(),
          place());
    }
  }

  /**
   * Whether MLlib or another user of netlib has opened the library of {@code choice} already.
   * Whatever else they have opened stays theirs, and Convene opens its own beside it.
   */
  private static boolean isInUse(BlasChoice choice) {
    boolean isNetlibs =
        choice.library().equals(BlasChoice.SYSTEM)
            || choice.library().equals(NetlibJni.ownLibrary());
    return isNetlibs && NetlibJni.isLoaded();
  }

  /** Takes the library in use, whose core type was decided when it was opened. */
  private static LoadedBlas adopt(BlasChoice choice) throws BlasUnavailable {
    String name = NetlibJni.ownLibrary();
    BlasLibrary library = BlasLibrary.open(name);
    String wanted = coreType(choice, ProcessEnvironment.variable(CORE_TYPE_VARIABLE));
    if (wanted != null && library.isOpenBlas() && !library.coreType().equalsIgnoreCase(wanted)) {
      String found =
          "%s was in use before Convene came, with core type %s instead of %s; %s"
              .formatted(library.title(), library.coreType(), wanted, PLUGIN_HINT);
      if (choice.namesCoreType()) {
        throw new BlasUnavailable(found);
      }
      LOG.warn("blas.library = {}{}: {}", choice.library(), place(), found);
    }
    library.useOneThread();
    return new LoadedBlas(
        NativeBLAS.getInstance(), library.title() + " (" + name + ")", library.coreType());
  }

  private static LoadedBlas pureJava() {
    NetlibJni.muteNetlib();
    BLAS blas = JavaBLAS.getInstance();
    String title = "java (" + blas.getClass().getSimpleName() + ")";
    return new LoadedBlas(blas, title, LoadedBlas.NO_CORE_TYPE);
  }

  private static String place() {
    SparkEnv spark = SparkEnv.get();
    if (spark == null) {
      return "";
    }
    return spark.executorId().equals("driver")
        ? " on driver"
        : " on executor " + spark.executorId();
  }

  private static void delete(Path directory) {
    if (directory == null) {
      return;
    }
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException failure) {
      LOG.warn("cannot delete {}: {}", directory, failure.toString());
    }
  }
}
