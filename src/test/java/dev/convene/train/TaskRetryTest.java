package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.JavaProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shared session does not retry tasks, so this one runs beside it. */
@Tag("spark")
@Tag("process")
class TaskRetryTest {
  @Test
  void retriedTasksChangeNoBit() throws Exception {
    assertThat(JavaProcess.of(RetriedTasks.class).lines())
        .contains(
            "failed once: [reading partition 0, reading partition 1, reading partition 2,"
                + " step 4 of worker 0, step 4 of worker 1]",
            "same parameters: true");
  }
}
