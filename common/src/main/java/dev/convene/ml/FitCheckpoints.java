package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.checkpoint.CheckpointDirectory;
import dev.convene.checkpoint.CheckpointFile;
import dev.convene.checkpoint.CheckpointPolicy;
import dev.convene.checkpoint.CheckpointWriter;
import dev.convene.checkpoint.Fingerprint;
import dev.convene.config.Keys;
import dev.convene.train.Progress;
import dev.convene.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Where a fit begins, and what it leaves for a later one, as Params and options say. */
final class FitCheckpoints implements AutoCloseable {
  private final NeuralNetworkParams params;
  private final FitOptions options;
  private final DealtRows rows;
  private final float[] initialParameters;
  private final Configuration hadoop;
  private final Optional<CheckpointDirectory> directory;
  private final Optional<CheckpointWriter> writer;

  /** Null until it is asked for: it takes a pass over the rows. */
  private Fingerprint fingerprint;

  FitCheckpoints(
      NeuralNetworkParams params, FitOptions options, DealtRows rows, float[] initialParameters) {
    this.params = params;
    this.options = options;
    this.rows = rows;
    this.initialParameters = initialParameters;
    this.hadoop = rows.spark().hadoopConfiguration();
    this.directory =
        params.checkpointDirectory().map(dir -> new CheckpointDirectory(new Path(dir), hadoop));
    CheckpointPolicy policy =
        new CheckpointPolicy(
            params.getCheckpointEveryRounds(),
            params.getCheckpointEverySeconds(),
            params.getKeepCheckpoints());
    this.writer =
        directory.map(
            there -> new CheckpointWriter(there, policy, this::fingerprint, options.listener()));
  }

  /** Hears the training, and passes on what it hears. */
  TrainingListener listener() {
    return writer.<TrainingListener>map(hearing -> hearing).orElse(options.listener());
  }

  /**
   * Where training begins: at the newest checkpoint, else at that which it is to continue, else at
   * its start.
   *
   * @throws ConveneException (usage) if it is of another training, or has all epochs already;
   *     (data) if there is none to continue
   */
  Progress start(NetworkTraining training) {
    try {
      Optional<Progress> newest = newest();
      if (newest.isPresent()) {
        options.listener().resumed(newest.get());
        return newest.get();
      }
      if (options.continuedFile().isEmpty()) {
        return training.start();
      }
      Progress continued = continued(options.continuedFile().get(), training);
      options.listener().resumed(continued);
      return continued;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Progress> newest() throws IOException {
    if (directory.isEmpty() || directory.get().isEmpty()) {
      return Optional.empty();
    }
    boolean restarts = params.getOnCheckpointMismatch().equals("restart");
    return directory.get().newest(fingerprint(), restarts, options.listener()::warn);
  }

  private Progress continued(String file, NetworkTraining training) throws IOException {
    Progress end =
        new CheckpointFile(new Path(file), hadoop)
            .read(fingerprint(), Set.of(SettingParams.name(Keys.TRAIN_EPOCHS)));
    if (training.isFinished(end)) {
      throw ConveneException.usage(
          "the training to continue has ended after epoch %s, and epochs = %s: set more epochs, if it"
              + " did not end by itself",
          end.epoch(), params.getEpochs());
    }
    return end;
  }

  /** Keeps the last state where it is wanted, and removes checkpoints that nobody needs now. */
  void end(Progress last) {
    try {
      if (options.leavesCheckpoints()) {
        writer.ifPresent(open -> open.end(last));
      } else if (directory.isPresent()) {
        close();
        directory.get().clear();
      }
      if (options.finalFile().isPresent()) {
        new CheckpointFile(new Path(options.finalFile().get()), hadoop).write(fingerprint(), last);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Fingerprint fingerprint() {
    if (fingerprint == null) {
      fingerprint = FitFingerprint.of(params, rows, initialParameters);
    }
    return fingerprint;
  }

  /** Waits for what is being written. */
  @Override
  public void close() {
    writer.ifPresent(CheckpointWriter::close);
  }
}
