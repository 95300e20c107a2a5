package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.blas.NativeBlas;
import org.deeplearning4j.util.CrashReportingUtil;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Gets ND4J ready in a JVM: on the right BLAS kernels, with one thread a task. */
final class Nd4jRuntime {
  private static boolean prepared;

  private Nd4jRuntime() {}

  /**
   * To be called before anything of ND4J in every JVM, driver and executors.
   *
   * @throws ConveneException (usage) where ND4J's native code cannot be loaded
   */
  static synchronized void prepare() {
    if (prepared) {
      return;
    }
    // First, so that OpenBLAS starts with the core type and the one thread that it chooses: ND4J's
    // bridge finds the library loaded.
    NativeBlas.load();
    try {
      ND4JClassLoading.setNd4jClassloaderFromClass(Nd4jRuntime.class);
      // ND4J takes 4 threads whatever the environment says, and as many for BLAS as there are
      // cores.
      Nd4j.factory().blas().setMaxThreads(1);
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
      Nd4j.getEnvironment().setMaxThreads(1);
      Nd4j.getEnvironment().setMaxMasterThreads(1);
    } catch (LinkageError | RuntimeException failure) {
      throw unusable(failure);
    }
    // It writes files into the working directory, and needs a library that we leave out.
    CrashReportingUtil.crashDumpsEnabled(false);
    prepared = true;
  }

  private static ConveneException unusable(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    ConveneException unusable =
        ConveneException.usage(
            "ND4J's native code cannot be loaded on this machine (%s on %s: %s): DL4J is packed for"
                + " Linux on x86-64; train.trainer = native runs everywhere",
            System.getProperty("os.name"), System.getProperty("os.arch"), root);
    unusable.addSuppressed(failure);
    return unusable;
  }
}
