package dev.convene.train;

import static dev.convene.GoldenNumbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.GoldenNumbers;
import dev.convene.optim.SparseAdam;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PyTorch's steps on minibatches that touch few of the inputs, through the worker's loop. */
class GoldenSparseAdamTest {
  private static final JsonNode GOLDEN = GoldenNumbers.read("sparse-adam");

  static Stream<Named<JsonNode>> cases() {
    return StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
        .map(golden -> Named.of(golden.get("hyperparameters").toString(), golden));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void takesPyTorchsPath(JsonNode golden) {
    JsonNode keys = golden.get("hyperparameters");
    double rate = keys.get("lr").doubleValue();
    int inputs = GOLDEN.get("inputs").intValue();
    SparseAdam optimizer =
        new SparseAdam(
            keys.get("beta1").doubleValue(),
            keys.get("beta2").doubleValue(),
            keys.get("eps").doubleValue());
    Plan plan =
        Plan.of(Plan.classifier(inputs, List.of(6), 3, 0), optimizer, rate)
            .batchSize(GOLDEN.get("batch").intValue());
    Shard shard =
        new InMemoryRows(
                inputs,
                GoldenNumbers.floats(GOLDEN.get("x")),
                GoldenNumbers.floats(GOLDEN.get("y")))
            .oneShard()
            .get(0);
    double[] costs = GoldenNumbers.doubles(golden.get("costBeforeStep"));
    assertThat(costs).hasSize(30);
    Worker worker = plan.worker(JavaBLAS.getInstance());
    TrainingState state = plan.initialState(GoldenNumbers.floats(GOLDEN.get("initialParameters")));

    int stepsPerEpoch = 6;
    for (int step = 1; step <= costs.length; step++) {
      int epoch = (step - 1) / stepsPerEpoch + 1;
      int minibatch = (step - 1) % stepsPerEpoch;
      Round round = Plan.round(epoch, minibatch + 1, minibatch, minibatch + 1, stepsPerEpoch);
      Contribution contribution = worker.train(round, state, shard, 0);
      state = contribution.state();

      assertClose(
          "cost before step " + step,
          contribution.report().minibatchLosses()[0],
          costs[step - 1],
          1e-5,
          0);
      JsonNode expected = golden.get("parametersAfterStep").get(String.valueOf(step));
      assertThat(expected != null).isEqualTo(Set.of(1, 2, 5, 30).contains(step));
      if (expected != null) {
        assertClose(
            "parameters after step " + step,
            state.parameters(),
            GoldenNumbers.floats(expected),
            1e-5,
            1e-4 * rate);
      }
    }
  }
}
