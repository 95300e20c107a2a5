package dev.convene.data.cifar;

import dev.convene.ConveneException;
import dev.convene.data.pixels.PixelSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

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
    visit(
        paths,
        hadoop,
        (fileSystem, matches) -> {
          for (FileStatus match : matches) {
            for (FileStatus file : match.isFile() ? List.of(match) : filesIn(fileSystem, match)) {
              files.add(Cifar10File.of(fileSystem, file));
            }
          }
        });
    return files;
  }

  private static Iterable<FileStatus> filesIn(FileSystem fileSystem, FileStatus directory)
      throws IOException {
    TreeMap<String, FileStatus> files = new TreeMap<>();
    Arrays.stream(fileSystem.listStatus(directory.getPath()))
        .filter(file -> file.isFile() && BINARY.matcher(file.getPath().getName()).matches())
        .forEach(file -> files.put(file.getPath().getName(), file));
    // Someone unpacked a file and kept the original: the plain file can be split.
    Set<String> names = Set.copyOf(files.keySet());
    names.forEach(name -> files.remove(name + ".gz"));
    if (files.isEmpty()) {
      throw ConveneException.data(
          "no CIFAR-10 files in %s: a directory must hold files of the binary version, named like"
              + " data_batch_1.bin (each may end in .gz)",
          directory.getPath());
    }
    requireOneSplit(directory, names);
    return files.values();
  }

  /**
   * Refuses the unpacked archive as it is: nobody trains on the test images by naming its folder.
   */
  private static void requireOneSplit(FileStatus directory, Set<String> names) {
    boolean training = names.stream().anyMatch(name -> name.startsWith("data_batch"));
    boolean test = names.stream().anyMatch(name -> name.startsWith("test_batch"));
    if (training && test) {
      throw ConveneException.data(
          "%s holds training and test images, data_batch_*.bin and test_batch.bin: name the files"
              + " instead of the directory, %s/data_batch_*.bin for example",
          directory.getPath(), directory.getPath());
    }
  }
}
