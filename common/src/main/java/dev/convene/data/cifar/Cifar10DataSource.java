package dev.convene.data.cifar;

import dev.convene.ConveneException;
import dev.convene.data.pixels.PixelSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * {@code spark.read().format("cifar10").load(path...)}: images with their labels, 3072 pixels,
 * channel by channel (red, green, blue).
 *
 * <p>A path is a file, or a directory whose .bin files are read, in the order of their names; each
 * may be gzipped.
 */
public final class Cifar10DataSource extends PixelSource {
  private static final Pattern BINARY = Pattern.compile("[^._].*\\.bin(\\.gz)?");

  @Override
  public String shortName() {
    return "cifar10";
  }

  @Override
  protected List<Cifar10File> find(List<String> paths, Configuration hadoop) {
    List<Cifar10File> files = new ArrayList<>();
    for (String path : paths) {
      visit(
          List.of(path),
          hadoop,
          (fileSystem, matches) -> {
            for (FileStatus file : oneSplit(path, files(fileSystem, matches))) {
              files.add(Cifar10File.of(fileSystem, file));
            }
          });
    }
    return files;
  }

  /** The files that are among the matches or in the directories among them, sorted. */
  private static Collection<FileStatus> files(FileSystem fileSystem, List<FileStatus> matches)
      throws IOException {
    TreeMap<Path, FileStatus> files = new TreeMap<>();
    for (FileStatus match : matches) {
      for (FileStatus file : match.isFile() ? List.of(match) : filesIn(fileSystem, match)) {
        files.put(file.getPath(), file);
      }
    }
    // Someone unpacked a file and kept the original: the plain file can be split.
    List.copyOf(files.keySet()).forEach(path -> files.remove(path.suffix(".gz")));
    return files.values();
  }

  private static List<FileStatus> filesIn(FileSystem fileSystem, FileStatus directory)
      throws IOException {
    List<FileStatus> files =
        Arrays.stream(fileSystem.listStatus(directory.getPath()))
            .filter(file -> file.isFile() && BINARY.matcher(file.getPath().getName()).matches())
            .toList();
    if (files.isEmpty()) {
      throw ConveneException.data(
          "no CIFAR-10 files in %s: a directory must hold files of the binary version, named like"
              + " data_batch_1.bin (each may end in .gz)",
          directory.getPath());
    }
    return files;
  }

  /**
   * Refuses the unpacked archive as it is: nobody trains on the test images by naming its folder.
   */
  private static Collection<FileStatus> oneSplit(String path, Collection<FileStatus> files) {
    Optional<Path> training = named("data_batch", files);
    if (training.isPresent() && named("test_batch", files).isPresent()) {
      throw ConveneException.data(
          "%s holds training and test images, data_batch_*.bin and test_batch.bin: name the files"
              + " of one of them, %s/data_batch_*.bin for example",
          path, training.get().getParent());
    }
    return files;
  }

  private static Optional<Path> named(String prefix, Collection<FileStatus> files) {
    return files.stream()
        .map(FileStatus::getPath)
        .filter(file -> file.getName().startsWith(prefix))
        .findFirst();
  }
}
