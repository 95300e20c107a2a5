package dev.convene.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParametersDigestTest {
  @Test
  void knownDigests() {
    // From Python: hashlib.sha256(struct.pack("<4f", 1, -2.5, 0.1, 3e38)).hexdigest(), and so on.
    assertThat(ParametersDigest.sha256(new float[0]))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(ParametersDigest.sha256(new float[] {1, -2.5f, 0.1f, 3e38f}))
        .isEqualTo("3cdad48cd462c34e644259cb9bf40e278612bfb0c3f2d17967d4b33ce85505c0");
    float[] many = new float[40000];
    for (int i = 0; i < many.length; i++) {
      many[i] = i;
    }
    assertThat(ParametersDigest.sha256(many))
        .isEqualTo("0e33879ea8a9cfa430cc6e48eb782b21961203e6d56ff273c87f60a4e89d570c");
  }
}
