package dev.convene.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/**
 * A file that one process at a time can create, and that says who did. Its time of modification is
 * its owner's last sign of life.
 */
final class LockFile {
  /** Completes the hidden name of its output. */
  static final String NAME = "lock";

  /** An owner of another host is dead after so many seconds without a sign of life. */
  private static final int SILENCE_OF_THE_DEAD = 60;

  /**
   * Who has the lock.
   *
   * @param started when its process began, in milliseconds since 1970; process ids are used again
   * @param run one of its own
   */
  record Owner(String host, long pid, long started, String run) {
    static Owner current() {
      ProcessHandle process = ProcessHandle.current();
      return new Owner(hostName(), process.pid(), started(process), UUID.randomUUID().toString());
    }

    static Optional<Owner> read(byte[] json) {
      try {
        JsonNode owner = Json.read(new String(json, StandardCharsets.UTF_8));
        return Optional.of(
            new Owner(
                owner.required("host").asText(),
                owner.required("pid").asLong(),
                owner.required("started").asLong(),
                owner.required("run").asText()));
      } catch (IllegalArgumentException unfinished) {
        return Optional.empty();
      }
    }

    private static long started(ProcessHandle process) {
      return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private boolean isOfThisHost() {
      return host.equals(hostName());
    }

    private boolean runs() {
      return ProcessHandle.of(pid)
          .filter(process -> process.isAlive() && started(process) == started)
          .isPresent();
    }

    private static String hostName() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "unknown-" + UUID.randomUUID();
      }
    }

    @Override
    public String toString() {
      return "process %s of host %s".formatted(pid, host);
    }
  }

  /** What is known of a lock's owner. */
  enum Life {
    ALIVE,
    /** It has given no sign since this process first saw its lock; it may have died. */
    SILENT,
    DEAD
  }

  /** Of a file that its owner has not written yet. */
  private static final Owner UNKNOWN = new Owner("unknown", 0, 0, "");

  private final FileSystem storage;
  private final Path path;
  private final Owner self = Owner.current();

  /** Whose signs of life are watched, from the first that was seen, in milliseconds since 1970. */
  private Owner watched;

  private long firstSign;

  private LockFile(FileSystem storage, Path path) {
    this.storage = storage;
    this.path = path;
  }

  static LockFile beside(StoragePath output) {
    return new LockFile(output.storage(), OutputDirectory.hiddenSibling(output.path(), NAME));
  }

  /**
   * Creates it.
   *
   * @param name what a message calls the output
   * @return false if there is one already
   * @throws ConveneException of status DATA if no file can be written there
   */
  boolean create(String name) throws IOException {
    try {
      storage.mkdirs(path.getParent());
      if (isLocal()) {
        // Hadoop's own is not atomic.
        Files.write(
            local(),
            Json.write(self).getBytes(StandardCharsets.UTF_8),
            StandardOpenOption.CREATE_NEW);
      } else {
        write(false);
      }
    } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException e) {
      if (storage.exists(path)) {
        return false;
      }
      throw cannotBeCreated(name, e);
    } catch (AccessControlException | ParentNotDirectoryException | FileSystemException e) {
      throw cannotBeCreated(name, e);
    }
    storage.deleteOnExit(path);
    return true;
  }

  private static ConveneException cannotBeCreated(String name, IOException cause) {
    return new ConveneException(
        ExitStatus.DATA,
        "%s cannot be created: it may lie below a file, or where you must not write"
            .formatted(name),
        cause);
  }

  /** Who has it; empty if there is none. */
  Optional<Owner> owner() throws IOException {
    return read(path);
  }

  private Optional<Owner> read(Path file) throws IOException {
    try (InputStream in = storage.open(file)) {
      return Optional.of(Owner.read(in.readAllBytes()).orElse(UNKNOWN));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Whether the process of an owner still runs, as far as can be seen from here. */
  Life life(Owner owner) throws IOException {
    if (owner.isOfThisHost()) {
      return owner.runs() ? Life.ALIVE : Life.DEAD;
    }
    long sign;
    try {
      sign = storage.getFileStatus(path).getModificationTime();
    } catch (FileNotFoundException e) {
      return Life.SILENT; // It has just gone, or another one has taken it.
    }
    if (!owner.equals(watched)) {
      watched = owner;
      firstSign = sign;
    }
    if (System.currentTimeMillis() - sign >= SILENCE_OF_THE_DEAD * 1000L) {
      return Life.DEAD;
    }
    return sign == firstSign ? Life.SILENT : Life.ALIVE;
  }

  /** Removes the file of an owner that is dead, unless somebody else has by now. */
  void takeFrom(Owner dead) throws IOException {
    Path aside = path.suffix("." + UUID.randomUUID());
    try {
      if (!storage.rename(path, aside)) {
        return;
      }
    } catch (FileNotFoundException e) {
      return;
    }
    if (read(aside).filter(dead::equals).isPresent()) {
      storage.delete(aside, false);
    } else {
      storage.rename(aside, path);
    }
  }

  /** Gives a sign of life. */
  void touch() throws IOException {
    if (owner().filter(self::equals).isEmpty()) {
      throw new IOException("the lock " + path + " has been taken away");
    }
    if (isLocal()) {
      storage.setTimes(path, System.currentTimeMillis(), -1);
    } else {
      // Object stores keep no other time than that of writing.
      write(true);
    }
  }

  void delete() throws IOException {
    if (owner().filter(self::equals).isPresent()) {
      storage.delete(path, false);
    }
    storage.cancelDeleteOnExit(path);
  }

  private void write(boolean overwrite) throws IOException {
    try (OutputStream out = storage.create(path, overwrite)) {
      out.write(Json.write(self).getBytes(StandardCharsets.UTF_8));
    }
  }

  private boolean isLocal() {
    return storage.getUri().getScheme().equals("file");
  }

  private java.nio.file.Path local() {
    return Paths.get(path.toUri().getPath());
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
