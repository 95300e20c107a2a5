package dev.convene.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.JavaProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shared session does not retry tasks, so this one runs beside it. */
@Tag("spark")
@Tag("process")
class Dl4jTaskRetryTest {
  @Test
  void retriedTasksChangeNoBit() throws Exception {
    assertThat(JavaProcess.of(RetriedDl4jTasks.class).lines())
        .contains(
            "failed once: [step 4 of worker 0, step 4 of worker 1, step 4 of worker 2]",
            "same parameters: true",
            "same losses: true");
  }
}
