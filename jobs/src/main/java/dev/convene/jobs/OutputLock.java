package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one run to write an output, held by a {@link LockFile} beside it. Whoever gets it
 * removes what runs that were killed have left there.
 */
final class OutputLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutputLock.class);
  private static final int HEARTBEAT_SECONDS = 10;
  private static final int WAIT_MILLIS = 1000;
  private static final String OLDER = ".old";

  private final LockFile file;
  private final ScheduledExecutorService heart;
  private final ScheduledFuture<?> beats;

  private OutputLock(LockFile file) {
    this.file = file;
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread daemon = new Thread(task, "convene-lock");
              daemon.setDaemon(true);
              return daemon;
            });
    this.beats =
        heart.scheduleAtFixedRate(
            this::beat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * The lock of an output.
   *
   * @param dir the setting that names it
   * @param name as it does
   * @throws ConveneException of status DATA if another run that is alive has it, and the settings
   *     do not say to wait, or if the output cannot be created
   */
  static OutputLock acquire(Setting<?> dir, String name, Settings settings, Configuration hadoop)
      throws IOException {
    StoragePath output = StoragePath.of(dir.key(), name, hadoop);
    boolean waits = settings.value(Keys.OUTPUT_ON_RUNNING).equals("wait");
    return acquire(output, dir + " " + name, waits);
  }

  /**
   * Waits for the owner of a lock, if so asked; and for a sign of life or of death of one on
   * another host, a minute at most.
   *
   * @param name what messages call the output
   */
  static OutputLock acquire(StoragePath output, String name, boolean waits) throws IOException {
    LockFile file = LockFile.beside(output);
    boolean isWaiting = false;
    while (!file.create(name)) {
      Optional<LockFile.Owner> owner = file.owner();
      if (owner.isEmpty()) {
        continue; // It has just gone.
      }
      LockFile.Life life = file.life(owner.get());
      if (life == LockFile.Life.DEAD) {
        LOG.warn("The run that wrote {} has died: {}", name, owner.get());
        file.takeFrom(owner.get());
      } else if (life == LockFile.Life.ALIVE && !waits) {
        throw ConveneException.data(
            "%s: another run writes it, %s: wait until it has ended, choose another, or set %s = wait",
            name, owner.get(), Keys.OUTPUT_ON_RUNNING);
      } else {
        if (!isWaiting) {
          LOG.warn("Waiting for another run, if it lives, that writes {}: {}", name, owner.get());
          isWaiting = true;
        }
        pause();
      }
    }
    OutputLock lock = new OutputLock(file);
    clean(output);
    return lock;
  }

  private static void pause() {
    try {
      Thread.sleep(WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void beat() {
    try {
      file.touch();
    } catch (IOException e) {
      LOG.warn("The lock could not be renewed: {}", file, e);
    }
  }

  /** Removes outputs that were not completed, and puts back one that was to be replaced. */
  private static void clean(StoragePath output) throws IOException {
    FileSystem storage = output.storage();
    Path target = output.path();
    String uuid = "\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}";
    Pattern left =
        Pattern.compile(
            Pattern.quote(OutputDirectory.hiddenSibling(target, "").getName())
                + "(lock\\.)?"
                + uuid
                + "(\\"
                + OLDER
                + ")?");
    for (FileStatus file :
        storage.listStatus(OutputDirectory.hiddenSibling(target, "").getParent())) {
      Path path = file.getPath();
      if (!left.matcher(path.getName()).matches()) {
        continue;
      }
      if (path.getName().endsWith(OLDER) && !storage.exists(target)) {
        LOG.warn("Putting back {}, which a run that was killed had begun to replace", target);
        storage.rename(path, target);
      } else {
        storage.delete(path, true);
      }
    }
  }

  /** Ends it. */
  @Override
  public void close() throws IOException {
    beats.cancel(false);
    heart.shutdown();
    file.delete();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
