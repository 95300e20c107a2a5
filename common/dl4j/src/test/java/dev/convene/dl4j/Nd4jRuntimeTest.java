package dev.convene.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasColMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import dev.convene.blas.NativeBlas;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

class Nd4jRuntimeTest {
  /** The bits of a product tell OpenBLAS's core types apart. */
  @Test
  void nd4jComputesWithOurBlas() {
    Nd4jRuntime.prepare();
    int m = 63;
    int n = 65;
    int k = 784;
    RandomStream random = RandomStream.of(1, Purpose.ROW_ORDER);
    float[] a = gaussians(m * k, random);
    float[] b = gaussians(k * n, random);
    float[] ours = new float[m * n];
    NativeBlas.load().blas().sgemm("N", "N", m, n, k, 1f, a, m, b, k, 0f, ours, m);
    float[] theirs = new float[m * n];
    cblas_sgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1f, a, m, b, k, 0f, theirs, m);
    assertThat(theirs).isEqualTo(ours);
  }

  @Test
  void aTaskHasOneThread() {
    Nd4jRuntime.prepare();
    assertThat(Nd4j.factory().blas().getMaxThreads()).isEqualTo(1);
    assertThat(NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads()).isEqualTo(1);
  }

  private static float[] gaussians(int count, RandomStream random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
