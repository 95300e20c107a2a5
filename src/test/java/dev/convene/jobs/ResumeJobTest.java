package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
@Tag("process")
class ResumeJobTest {
  @TempDir Path folder;

  @Test
  void aFinishedTrainingContinuesToMoreEpochs() throws Exception {
    ResumableTraining training = ResumableTraining.in(folder);
    assertThat(training.here("long", "train.epochs=12").status()).isZero();
    assertThat(training.here("short", "train.epochs=7").status()).isZero();
    String from = "train.continue-from=" + training.output("short");

    List<String> lines = training.process(1, "longer", "train.epochs=12", from).lines();

    assertThat(lines).contains("training goes on after epoch 7 of 12");
    assertThat(training.parametersSha256("longer")).isEqualTo(training.parametersSha256("long"));
    assertThat(Files.readAllLines(training.output("longer").resolve("history.jsonl"))).hasSize(12);
  }
}
