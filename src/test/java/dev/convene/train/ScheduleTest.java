package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.DenseNetwork;
import dev.convene.optim.Adam;
import dev.convene.optim.Schedule;
import dev.convene.optim.Sgd;
import dev.convene.optim.Step;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That each step has the rate which the schedule has for it. */
class ScheduleTest {
  private static final BLAS NATIVE = NativeBlas.load(BlasChoice.DEFAULT).blas();
  private static final WarmDecay DECAY = new WarmDecay(0.5, 0.5, 4);

  @Test
  void aConstantIsTheSameEverywhere() {
    assertThat(Schedule.constant(0.25).rate(new Step(1, 1, 9, 9))).isEqualTo(0.25);
    assertThat(Schedule.constant(0.25).rate(new Step(81, 9, 9, 9))).isEqualTo(0.25);
  }

  /**
   * One feature and target 1, which the gradient -2 of all steps shows while weight and bias are
   * near 0: the weight is twice the sum of the rates.
   */
  @Test
  void everyStepHasItsOwnRate() {
    double tiny = 1e-6;
    Plan plan =
        Plan.of(Plan.linearRegression(1), Sgd.plain(), new WarmDecay(tiny, 0.5, 4))
            .batchSize(1)
            .epochs(2);
    List<Shard> shard = rowsOfOne(3).oneShard();

    TrainingResult result = plan.loop(plan.workers(NATIVE, shard)).run(new float[2]);

    // Quarters of the rate in the warmup: 1, 2 and 3, then halves of 4, 4 and 4.
    double rates = tiny * ((1 + 2 + 3) / 4.0 + 3 * 0.5);
    assertThat(result.parameters()[0] / (2 * rates)).isBetween(1 - 1e-4, 1 + 1e-4);
  }

  @Test
  void historyHasTheRateOfAnEpochsLastStep() {
    Plan plan = Plan.of(Plan.linearRegression(1), Sgd.plain(), DECAY).batchSize(1).epochs(3);

    assertThat(plan.loop(plan.workers(NATIVE, rowsOfOne(3).oneShard())).run(new float[2]).history())
        .extracting(EpochRecord::learningRate)
        .containsExactly(0.5 * 3 / 4, 0.25, 0.125);
  }

  @Test
  void roundsDoNotShiftTheSteps() {
    DenseNetwork network = Plan.classifier(5, List.of(8), 3, 0.3);
    Plan plan = Plan.of(network, Adam.withDefaults(), DECAY).batchSize(7).shuffle().epochs(2);
    Worker worker = plan.worker(NATIVE);
    Shard shard = InMemoryRows.random(50, 5, 3, 1).oneShard().get(0);
    TrainingState start = plan.initialState(plan.learner().initialParameters(1));

    TrainingState state = start;
    for (int epoch = 1; epoch <= 2; epoch++) {
      for (int minibatch = 0; minibatch < 8; minibatch++) {
        Round round = Plan.round(epoch, 1, minibatch, minibatch + 1, 8);
        state = worker.train(round, state, shard, 0).state();
      }
    }
    TrainingResult whole = plan.loop(plan.workers(NATIVE, List.of(shard))).run(start.parameters());

    assertThat(state.parameters()).isEqualTo(whole.parameters());
  }

  private static InMemoryRows rowsOfOne(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return new InMemoryRows(1, ones, ones.clone());
  }
}
