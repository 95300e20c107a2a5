package dev.convene.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsJsonTest {
  private static final MetricsJson.Origin ORIGIN =
      new MetricsJson.Origin(2, 7, "early-stopping", "bundled OpenBLAS", "SkylakeX", "00ff");
  private static final String ORIGIN_JSON =
      """
        "workers" : 2,
        "epoch" : 7,
        "ended" : "early-stopping",
        "blas" : {
          "library" : "bundled OpenBLAS",
          "coreType" : "SkylakeX"
        },
        "parametersSha256" : "00ff"
      }
      """;

  @Test
  void classification() {
    ClassificationTally tally = new ClassificationTally(2);
    tally.add(0, 0, 0.75, 0.5);
    tally.add(0, 0, 0.75, 0.5);
    tally.add(0, 0, 1, 0);
    tally.add(0, 1, 0.625, 1);
    ClassificationMetrics metrics = tally.metrics(Optional.of(AreasUnderCurves.UNDEFINED));
    String empty =
        """
          }, {
            "rows" : 0,
            "meanProbability" : null,
            "shareRight" : null
        """;
    assertThat(MetricsJson.of(Optional.of(metrics), List.of("no", "yes"), ORIGIN))
        .isEqualTo(
            """
            {
              "schemaVersion" : 1,
              "rows" : 4,
              "loss" : 0.5,
              "labels" : [ "no", "yes" ],
              "accuracy" : 0.75,
              "confusionMatrix" : [ [ 3, 1 ], [ 0, 0 ] ],
              "precision" : [ 1.0, 0.0 ],
              "recall" : [ 0.75, 0.0 ],
              "f1" : [ 0.8571428571428571, 0.0 ],
              "macroPrecision" : 0.5,
              "macroRecall" : 0.375,
              "macroF1" : 0.42857142857142855,
              "areaUnderRoc" : null,
              "areaUnderPrecisionRecall" : null,
              "expectedCalibrationError" : 0.28125,
              "calibration" : [ {
                "rows" : 0,
                "meanProbability" : null,
                "shareRight" : null
            """
                + empty.repeat(5)
                + """
              }, {
                "rows" : 1,
                "meanProbability" : 0.625,
                "shareRight" : 0.0
              }, {
                "rows" : 2,
                "meanProbability" : 0.75,
                "shareRight" : 1.0
            """
                + empty
                + """
              }, {
                "rows" : 1,
                "meanProbability" : 1.0,
                "shareRight" : 1.0
              } ],
            """
                + ORIGIN_JSON);
  }

  @Test
  void onlyABinaryClassifierHasCurves() {
    ClassificationTally tally = new ClassificationTally(3);
    tally.add(2, 2, 0.75, 0.5);
    assertThat(MetricsJson.of(Optional.of(tally.metrics(Optional.empty())), List.of(), ORIGIN))
        .contains("\"macroF1\"")
        .doesNotContain("areaUnder", "labels");
  }

  @Test
  void regressionWithWhatJsonCannotSay() {
    RegressionMetrics metrics =
        new RegressionMetrics(5, List.of(new RegressionMetrics.Output(4, 1.5, Double.NaN)));
    assertThat(MetricsJson.of(Optional.of(metrics), List.of("price"), ORIGIN))
        .isEqualTo(
            """
            {
              "schemaVersion" : 1,
              "rows" : 5,
              "loss" : 4.0,
              "labels" : [ "price" ],
              "rmse" : 2.0,
              "mae" : 1.5,
              "r2" : null,
              "byOutput" : [ {
                "rmse" : 2.0,
                "mae" : 1.5,
                "r2" : null
              } ],
            """
                + ORIGIN_JSON);
  }

  @Test
  void withoutTestData() {
    assertThat(
            MetricsJson.of(
                Optional.empty(),
                List.of("a"),
                new MetricsJson.Origin(1, 3, "last-epoch", "java", null, "00")))
        .isEqualTo(
            """
            {
              "schemaVersion" : 1,
              "workers" : 1,
              "epoch" : 3,
              "ended" : "last-epoch",
              "blas" : {
                "library" : "java",
                "coreType" : null
              },
              "parametersSha256" : "00"
            }
            """);
  }
}
