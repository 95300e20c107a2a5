package dev.convene.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Points to one of the outputs beside it, and moves from one to the next at once. On a local disk
 * it is a symbolic link; other storage has none, and there it is a file with the output's name.
 */
record OutputPointer(StoragePath place) {
  /** Longer than the name of any file. */
  private static final int MAX_NAME = 1024;

  /**
   * A path with the output that it points to in its place, if it is a pointer.
   *
   * @param role the setting that names it
   */
  static String followed(String role, String name, Configuration hadoop) throws IOException {
    return new OutputPointer(StoragePath.of(role, name, hadoop))
        .target()
        .map(target -> new Path(new Path(name).getParent(), target).toString())
        .orElse(name);
  }

  /** The name in the file; empty if there is none, as where storage follows a link. */
  private Optional<String> target() throws IOException {
    try {
      FileStatus file = place.storage().getFileStatus(place.path());
      if (!file.isFile() || file.getLen() > MAX_NAME) {
        return Optional.empty();
      }
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    try (InputStream in = place.storage().open(place.path())) {
      String name = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      // Of something beside it, never a path to elsewhere.
      return Optional.of(name).filter(it -> it.matches("[^/:]+") && !it.matches("\\.\\.?"));
    }
  }

  /** Whether anything but a pointer is in its place. */
  boolean isBlocked() throws IOException {
    if (isLocal()) {
      return Files.exists(local(place.path())) && !Files.isSymbolicLink(local(place.path()));
    }
    return place.storage().exists(place.path()) && target().isEmpty();
  }

  /**
   * Points to it.
   *
   * @param name of an output beside it
   */
  void pointTo(String name) throws IOException {
    Path next = OutputDirectory.hiddenSibling(place.path(), UUID.randomUUID().toString());
    FileSystem storage = place.storage();
    if (isLocal()) {
      Files.createSymbolicLink(local(next), Paths.get(name));
      Files.move(local(next), local(place.path()), StandardCopyOption.ATOMIC_MOVE);
    } else if (OutputDirectory.hasAtomicRename(storage)) {
      write(next, name);
      FileContext.getFileContext(storage.getUri(), storage.getConf())
          .rename(next, place.path(), Options.Rename.OVERWRITE);
    } else {
      write(place.path(), name);
    }
  }

  private void write(Path file, String name) throws IOException {
    try (OutputStream out = place.storage().create(file, true)) {
      out.write((name + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private boolean isLocal() {
    return place.storage().getUri().getScheme().equals("file");
  }

  private static java.nio.file.Path local(Path path) {
    return Paths.get(path.toUri().getPath());
  }
}
