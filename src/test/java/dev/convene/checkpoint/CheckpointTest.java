package dev.convene.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.optim.Plateau;
import dev.convene.testkit.DamagedCopies;
import dev.convene.train.Averaged;
import dev.convene.train.DivergenceRule;
import dev.convene.train.EarlyStopping;
import dev.convene.train.EpochRecord;
import dev.convene.train.LossSum;
import dev.convene.train.PartialEpoch;
import dev.convene.train.Progress;
import dev.convene.train.TrainingState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final Fingerprint FINGERPRINT =
      new Fingerprint(Map.of("epochs", "15", "workers", "2"));

  @TempDir Path folder;

  private static Progress progress(int epoch, int rounds, int length) {
    float[] parameters = new float[length];
    for (int i = 0; i < length; i++) {
      parameters[i] = i % 7 == 0 ? Float.MIN_VALUE : i / 3f;
    }
    parameters[0] = -0.0f;
    float[] other = parameters.clone();
    other[length - 1] = Float.NaN;
    return new Progress(
        epoch,
        new PartialEpoch(rounds, new LossSum(0.1 + 0.2, 3, 1e-300, 7), 1.5),
        12.25,
        new Averaged(
            new TrainingState(parameters, new float[][] {other, new float[length]}),
            List.of(other.clone())),
        false,
        List.of(
            new EpochRecord(1, 4, 50, 1 / 3.0, 0.5, null, null, 1e-3, 2.5),
            new EpochRecord(2, 4, 50, Double.NaN, null, Double.POSITIVE_INFINITY, 1.0, 1e-4, 3)),
        new Plateau.Memory(0.05, Double.POSITIVE_INFINITY, 2, 1),
        new EarlyStopping.Best(1, 0.7, new TrainingState(other.clone(), new float[0][])),
        new DivergenceRule.Memory(Double.NaN, 0.3, List.of(0.1f, Float.NaN, 1e30f), true));
  }

  private static byte[] bytes(Progress progress) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Checkpoint(FINGERPRINT, progress).write(out);
    return out.toByteArray();
  }

  private static Progress read(byte[] bytes) throws IOException {
    return Checkpoint.read(new ByteArrayInputStream(bytes), bytes.length).progress();
  }

  /** Bits, where equality would take zeros for each other. */
  private static List<Integer> bits(float[] values) {
    List<Integer> bits = new ArrayList<>();
    for (float value : values) {
      bits.add(Float.floatToRawIntBits(value));
    }
    return bits;
  }

  private CheckpointDirectory directory() {
    return new CheckpointDirectory(
        new org.apache.hadoop.fs.Path(folder.resolve("checkpoints").toUri()), new Configuration());
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder.resolve("checkpoints"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyBitIsThereAgain() throws IOException {
    // More than one block.
    Progress written = progress(2, 3, 300_000);
    Progress read = read(bytes(written));

    assertThat(read.epoch()).isEqualTo(2);
    assertThat(read.partial()).isEqualTo(written.partial());
    assertThat(read.seconds()).isEqualTo(12.25);
    assertThat(read.isConverged()).isFalse();
    assertThat(read.history()).isEqualTo(written.history());
    assertThat(read.plateau()).isEqualTo(written.plateau());
    assertThat(read.best().epoch()).isEqualTo(1);
    assertThat(read.best().value()).isEqualTo(0.7);
    assertThat(read.divergence()).isEqualTo(written.divergence());
    List<float[]> arrays = CheckpointHeader.arrays(written);
    List<float[]> again = CheckpointHeader.arrays(read);
    assertThat(again).hasSize(5);
    for (int i = 0; i < arrays.size(); i++) {
      assertThat(bits(again.get(i))).isEqualTo(bits(arrays.get(i)));
    }
  }

  @Test
  @Timeout(300)
  void damagedCopiesAreReadOrRefused() throws IOException {
    new DamagedCopies("a checkpoint", bytes(progress(2, 3, 40)))
        .areReadOrRefused(
            5000,
            copy -> {
              try {
                read(copy);
              } catch (UnusableCheckpointException damaged) {
                throw ConveneException.data("%s", damaged.getMessage());
              }
            });
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    byte[] bytes = bytes(progress(1, 0, 3));
    ByteBuffer file = ByteBuffer.wrap(bytes).putInt(8, 2);
    assertThatThrownBy(() -> read(bytes))
        .hasMessage("is damaged: the checksum of its header is wrong");

    int headerLength = file.getInt(12);
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 8, 8 + headerLength);
    file.putInt(16 + headerLength, (int) checksum.getValue());
    assertThatThrownBy(() -> read(bytes))
        .hasMessage(
            "is of format version 2, and this version of Convene reads format versions up to 1");
  }

  @Test
  void theNewestWholeOneCountsAndOldOnesGo() throws IOException {
    CheckpointDirectory directory = directory();
    directory.write(new Checkpoint(FINGERPRINT, progress(9, 0, 3)), 2);
    directory.write(new Checkpoint(FINGERPRINT, progress(9, 2, 3)), 2);
    directory.write(new Checkpoint(FINGERPRINT, progress(10, 0, 3)), 2);
    assertThat(names())
        .containsExactly(
            "checkpoint-epoch-00000009-round-00000002", "checkpoint-epoch-00000010-round-00000000");

    Path newest = folder.resolve("checkpoints/checkpoint-epoch-00000010-round-00000000");
    byte[] bytes = Files.readAllBytes(newest);
    Files.write(newest, Arrays.copyOf(bytes, bytes.length - 5));
    List<String> warnings = new ArrayList<>();
    Progress used = directory.newest(FINGERPRINT, false, warnings::add).orElseThrow();

    assertThat(used.epoch()).isEqualTo(9);
    assertThat(used.partial().rounds()).isEqualTo(2);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .contains("epoch-00000010", "is damaged: ", "; the one before is used");

    directory.clear();
    assertThat(folder.resolve("checkpoints")).doesNotExist();
  }

  @Test
  void oneOfAnotherTrainingIsRefusedOrRemoved() throws IOException {
    CheckpointDirectory directory = directory();
    directory.write(new Checkpoint(FINGERPRINT, progress(2, 0, 3)), 2);
    Fingerprint other = new Fingerprint(Map.of("epochs", "20", "seed", "5", "workers", "2"));

    assertThatThrownBy(() -> directory.newest(other, false, warning -> {}))
        .isInstanceOf(ConveneException.class)
        .hasMessageContaining(
            "is of another training: epochs was 15 and is 20; seed was not set and is 5; train as"
                + " before");
    List<String> warnings = new ArrayList<>();
    assertThat(directory.newest(other, true, warnings::add)).isEmpty();
    assertThat(warnings).hasSize(1);
    assertThat(directory.isEmpty()).isTrue();
  }

  @Test
  void epochsMayDifferWhereTrainingContinues() throws IOException {
    CheckpointFile file =
        new CheckpointFile(
            new org.apache.hadoop.fs.Path(folder.resolve("end").toUri()), new Configuration());
    file.write(FINGERPRINT, progress(15, 0, 3));
    Fingerprint longer = new Fingerprint(Map.of("epochs", "20", "workers", "2"));

    assertThat(file.read(longer, Set.of("epochs")).epoch()).isEqualTo(15);
    assertThatThrownBy(() -> file.read(longer, Set.of()))
        .hasMessageEndingWith("is of another training: epochs was 15 and is 20");
  }
}
