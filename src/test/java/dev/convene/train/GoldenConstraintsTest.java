package dev.convene.train;

import static dev.convene.GoldenNumbers.assertClose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.GoldenNumbers;
import dev.convene.optim.Adam;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Sgd;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PyTorch's penalties, clipping, norms and averages, through the worker's loop. */
class GoldenConstraintsTest {
  private static final JsonNode ROWS = GoldenNumbers.read("optimizers");
  private static final JsonNode GOLDEN = GoldenNumbers.read("constraints");

  /** The signs of an l1 penalty's gradient are decided by parameters next to 0. */
  private static final double RELATIVE = 1e-4;

  private static final double FLOOR = 1e-5;

  static Stream<Named<JsonNode>> cases() {
    return StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
        .map(golden -> Named.of(golden.get("optimizer") + " " + golden.get("constraints"), golden));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resultsArePyTorchs(JsonNode golden) {
    float[] x = GoldenNumbers.floats(ROWS.get("x"));
    float[] y = GoldenNumbers.floats(ROWS.get("y"));
    JsonNode keys = golden.get("constraints");
    StepConstraints constraints =
        new StepConstraints(
            keys.path("l1").doubleValue(),
            keys.path("clipValue").doubleValue(),
            keys.path("clipNorm").doubleValue(),
            keys.path("maxNorm").doubleValue(),
            keys.path("movingAverage").doubleValue());
    Optimizer optimizer =
        golden.get("optimizer").textValue().equals("sgd") ? Sgd.plain() : Adam.withDefaults();
    for (int steps : new int[] {1, 2, 5, 30}) {
      // A full batch: an epoch is a step.
      Plan plan =
          Plan.of(Plan.classifier(4, List.of(6), 3, 0), optimizer, golden.get("lr").doubleValue())
              .constraints(constraints)
              .epochs(steps);
      float[] found =
          plan.loop(plan.workers(JavaBLAS.getInstance(), new InMemoryRows(4, x, y).oneShard()))
              .run(GoldenNumbers.floats(golden.get("initialParameters")))
              .parameters();

      assertClose(
          "parameters after step " + steps,
          found,
          GoldenNumbers.floats(golden.get("parametersAfterStep").get(String.valueOf(steps))),
          RELATIVE,
          FLOOR);
    }
  }
}
