package dev.convene.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsJsonTest {
  private static final MetricsJson.Origin ORIGIN =
      new MetricsJson.Origin(2, "bundled OpenBLAS", "SkylakeX", "00ff");
  private static final String ORIGIN_JSON =
      """
        "workers" : 2,
        "blas" : {
          "library" : "bundled OpenBLAS",
          "coreType" : "SkylakeX"
        },
        "parametersSha256" : "00ff"
      }
      """;

  @Test
  void classification() {
    ClassificationMetrics metrics = new ClassificationMetrics(new long[][] {{3, 1}, {0, 0}}, 2);
    assertThat(MetricsJson.of(Optional.of(metrics), ORIGIN))
        .isEqualTo(
            """
            {
              "rows" : 4,
              "loss" : 0.5,
              "accuracy" : 0.75,
              "confusionMatrix" : [ [ 3, 1 ], [ 0, 0 ] ],
              "precision" : [ 1.0, 0.0 ],
              "recall" : [ 0.75, 0.0 ],
              "f1" : [ 0.8571428571428571, 0.0 ],
            """
                + ORIGIN_JSON);
  }

  @Test
  void regressionWithWhatJsonCannotSay() {
    assertThat(MetricsJson.of(Optional.of(new RegressionMetrics(5, 4, Double.NaN)), ORIGIN))
        .isEqualTo(
            """
            {
              "rows" : 5,
              "loss" : 4.0,
              "rmse" : 2.0,
              "r2" : null,
            """
                + ORIGIN_JSON);
  }

  @Test
  void withoutTestData() {
    assertThat(MetricsJson.of(Optional.empty(), new MetricsJson.Origin(1, "java", null, "00")))
        .isEqualTo(
            """
            {
              "workers" : 1,
              "blas" : {
                "library" : "java",
                "coreType" : null
              },
              "parametersSha256" : "00"
            }
            """);
  }
}
