package dev.convene.checkpoint;

import dev.convene.nn.Network;
import dev.convene.train.EpochRecord;
import dev.convene.train.Progress;
import dev.convene.train.Round;
import dev.convene.train.TrainingEnd;
import dev.convene.train.TrainingListener;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Writes checkpoints of a training that it hears, beside the training: in a thread of its own, one
 * at a time. Where storage is too slow, fewer are written. One that cannot be written is reported,
 * and training goes on.
 *
 * <p>All else that it hears it passes on.
 */
public final class CheckpointWriter implements TrainingListener, AutoCloseable {
  private final CheckpointDirectory directory;
  private final CheckpointPolicy policy;
  private final Supplier<Fingerprint> fingerprint;
  private final TrainingListener listener;
  private final ExecutorService thread;
  private Future<?> writing;
  private int rounds;
  private long last = System.nanoTime();

  /**
   * @param fingerprint asked for in the training's thread, when a checkpoint is due
   */
  public CheckpointWriter(
      CheckpointDirectory directory,
      CheckpointPolicy policy,
      Supplier<Fingerprint> fingerprint,
      TrainingListener listener) {
    this.directory = directory;
    this.policy = policy;
    this.fingerprint = fingerprint;
    this.listener = listener;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread daemon = new Thread(task, "convene-checkpoints");
              daemon.setDaemon(true);
              return daemon;
            });
  }

  @Override
  public void progressed(Progress progress) {
    listener.progressed(progress);
    rounds++;
    boolean isWriting = writing != null && !writing.isDone();
    if (!isWriting && policy.isDue(rounds, (System.nanoTime() - last) / 1e9)) {
      write(progress);
    }
  }

  /** Writes where the training ended, unless it was too short for any checkpoint. */
  public void end(Progress end) {
    if (writing != null) {
      write(end);
    }
  }

  private void write(Progress progress) {
    reportFailure();
    Checkpoint checkpoint = new Checkpoint(fingerprint.get(), progress);
    writing =
        thread.submit(
            () -> {
              directory.write(checkpoint, policy.keep());
              return null;
            });
    rounds = 0;
    last = System.nanoTime();
  }

  /** Reports why the last one could not be written, when it has ended. */
  private void reportFailure() {
    if (writing == null) {
      return;
    }
    try {
      writing.get();
    } catch (ExecutionException e) {
      listener.warn(
          "no checkpoint could be written to %s: %s"
              .formatted(directory, e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the one that is being written. */
  @Override
  public void close() {
    reportFailure();
    thread.shutdown();
  }

  @Override
  public void networkBuilt(Network network) {
    listener.networkBuilt(network);
  }

  @Override
  public void trainingStarted() {
    listener.trainingStarted();
  }

  @Override
  public void resumed(Progress from) {
    listener.resumed(from);
  }

  @Override
  public void roundEnded(Round round, int roundsOfEpoch) {
    listener.roundEnded(round, roundsOfEpoch);
  }

  @Override
  public void epochEnded(EpochRecord record) {
    listener.epochEnded(record);
  }

  @Override
  public void trainingEnded(TrainingEnd end) {
    listener.trainingEnded(end);
  }

  @Override
  public void warn(String message) {
    listener.warn(message);
  }
}
