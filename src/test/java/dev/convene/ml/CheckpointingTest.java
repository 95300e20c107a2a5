package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.train.Progress;
import dev.convene.train.Round;
import dev.convene.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fit that fails goes on from its checkpoint. */
@Tag("spark")
class CheckpointingTest {
  @TempDir Path folder;

  /** Fails when so many rounds have ended, if any are left, and notes where training went on. */
  private static final class Interruption implements TrainingListener {
    private final List<String> resumed = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private int roundsLeft;

    Interruption(int rounds) {
      roundsLeft = rounds;
    }

    @Override
    public void roundEnded(Round round, int roundsOfEpoch) {
      roundsLeft--;
      if (roundsLeft == 0) {
        throw new IllegalStateException("interrupted");
      }
    }

    @Override
    public void resumed(Progress from) {
      resumed.add(from.epoch() + "/" + from.partial().rounds());
    }

    @Override
    public void warn(String message) {
      warnings.add(message);
    }
  }

  private static Dataset<Row> rows() {
    return Rows.in(3, Rows.classes(60, 2));
  }

  /** 30 rows of a worker are 6 minibatches of 5: 3 rounds an epoch. */
  private static NeuralNetworkClassifier estimator() {
    return new NeuralNetworkClassifier()
        .setHidden(new int[] {4})
        .setDropout(0.2)
        .setEpochs(4)
        .setBatchSize(5)
        .setAveragingPeriod(2)
        .setWorkers(2);
  }

  private NeuralNetworkClassifier writing() {
    return estimator()
        .setCheckpointDir(folder.resolve("checkpoints").toString())
        .setCheckpointEveryRounds(1);
  }

  private void interrupt(NeuralNetworkClassifier estimator, int rounds) {
    assertThatThrownBy(() -> estimator.setTrainingListener(new Interruption(rounds)).fit(rows()))
        .hasMessage("interrupted");
  }

  private List<Path> checkpoints() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("checkpoint-"))
          .sorted()
          .toList();
    }
  }

  @Test
  void goesOnFromEveryRoundWithTheSameBits() {
    float[] undisturbed = estimator().fit(rows()).parameters();
    for (int rounds : new int[] {2, 3, 4, 8, 12}) {
      interrupt(writing(), rounds);
      Interruption none = new Interruption(Integer.MAX_VALUE);
      NeuralNetworkClassificationModel model =
          writing().setTrainingListener(none).fit(rows().repartition(5));

      assertThat(none.resumed).as("after round %s", rounds).hasSize(1);
      assertThat(model.parameters()).isEqualTo(undisturbed);
      assertThat(model.history()).hasSize(4);
      assertThat(folder.resolve("checkpoints")).doesNotExist();
    }
  }

  @Test
  void goesOnFromTheOneBeforeADamagedOne() throws IOException {
    interrupt(writing(), 9);
    List<Path> files = checkpoints();
    Path newest = files.get(files.size() - 1);
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length - 9] ^= 1;
    Files.write(newest, bytes);
    Files.delete(newest.resolveSibling("." + newest.getFileName() + ".crc"));

    Interruption none = new Interruption(Integer.MAX_VALUE);
    NeuralNetworkClassificationModel model = writing().setTrainingListener(none).fit(rows());

    assertThat(none.warnings).hasSize(1);
    assertThat(none.warnings.get(0)).contains("is damaged", "the checksum of a block is wrong");
    assertThat(none.resumed).hasSize(1);
    assertThat(model.parameters()).isEqualTo(estimator().fit(rows()).parameters());
  }

  @Test
  void refusesOtherParamsAndOtherRows() {
    interrupt(writing(), 5);

    assertThatThrownBy(() -> writing().setEpochs(5).setLearningRate(0.5).fit(rows()))
        .isInstanceOf(ConveneException.class)
        .hasMessageContaining("epochs was 4 and is 5; learningRate was 0.001 and is 0.5; train as");
    assertThatThrownBy(() -> writing().fit(Rows.in(3, Rows.classes(62, 2))))
        .isInstanceOf(ConveneException.class)
        .hasMessageContaining("training rows was 60 and is 62");
    assertThatThrownBy(() -> writing().setWorkers(3).fit(rows()))
        .hasMessageContaining("workers was 2 and is 3");

    Interruption none = new Interruption(Integer.MAX_VALUE);
    writing().setEpochs(5).setOnCheckpointMismatch("restart").setTrainingListener(none).fit(rows());
    assertThat(none.resumed).isEmpty();
    assertThat(none.warnings).hasSize(1);
    assertThat(none.warnings.get(0)).contains("which begins anew: epochs was 4 and is 5");
  }

  @Test
  void aCheckpointThatCannotBeWrittenIsReportedAndTrainingGoesOn() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Interruption none = new Interruption(Integer.MAX_VALUE);
    NeuralNetworkClassificationModel model =
        writing()
            .setCheckpointDir(file.resolve("below").toString())
            .setTrainingListener(none)
            .fit(rows());

    assertThat(model.history()).hasSize(4);
    assertThat(none.warnings).isNotEmpty();
    assertThat(none.warnings.get(0)).startsWith("no checkpoint could be written to " + file);
  }

  @Test
  void shortTrainingsWriteNone() throws IOException {
    writing().setCheckpointEveryRounds(0).fit(rows());
    assertThat(folder.resolve("checkpoints")).doesNotExist();
  }
}
