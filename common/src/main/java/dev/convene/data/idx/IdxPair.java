package dev.convene.data.idx;

import dev.convene.ConveneException;
import dev.convene.data.image.ImageShape;
import dev.convene.data.pixels.ImageCursor;
import dev.convene.data.pixels.LabelledImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** An images file and the labels file that belongs to it by name. */
record IdxPair(IdxFile images, IdxFile labels) implements LabelledImages {
  private static final Pattern IMAGES = Pattern.compile("(.*)images([-.])idx3(.*?)(\\.gz)?");
  private static final Pattern LABELS = Pattern.compile(".*labels[-.]idx1.*");

  @Override
  public String path() {
    return images.path();
  }

  @Override
  public ImageShape shape() {
    return new ImageShape(images.columns(), images.rows(), 1);
  }

  @Override
  public long count() {
    return images.count();
  }

  @Override
  public long bytes() {
    return images.bytes();
  }

  @Override
  public boolean splittable() {
    return !images.gzip() && !labels.gzip();
  }

  @Override
  public ImageCursor openAt(long image, Configuration hadoop) {
    return new IdxCursor(new IdxItems(images, image, hadoop), new IdxItems(labels, image, hadoop));
  }

  /**
   * The pair at a path: an images file, or a directory that holds exactly one.
   *
   * @throws ConveneException if there is no pair or more than one, or if a file is damaged
   */
  static IdxPair at(FileSystem fileSystem, FileStatus path) throws IOException {
    FileStatus images = path.isDirectory() ? onlyImagesIn(fileSystem, path.getPath()) : path;
    IdxFile imagesFile = IdxFile.of(fileSystem, images, IdxFile.Kind.IMAGES);
    FileStatus labels = labelsBeside(fileSystem, images.getPath());
    IdxFile labelsFile = IdxFile.of(fileSystem, labels, IdxFile.Kind.LABELS);
    if (imagesFile.count() != labelsFile.count()) {
      throw ConveneException.data(
          "%s holds %d images, but %s holds %d labels",
          imagesFile.path(), imagesFile.count(), labelsFile.path(), labelsFile.count());
    }
    return new IdxPair(imagesFile, labelsFile);
  }

  private static FileStatus onlyImagesIn(FileSystem fileSystem, Path directory) throws IOException {
    List<FileStatus> images =
        Arrays.stream(fileSystem.listStatus(directory))
            .filter(file -> file.isFile() && isImages(file.getPath().getName()))
            .sorted()
            .collect(Collectors.toCollection(ArrayList::new));
    Set<String> names =
        images.stream()
            .map(i -> i.getPath().getName())
            .collect(Collectors.toCollection(TreeSet::new));
    // Someone unpacked a file and kept the original: one pair, and the plain file can be split.
    images.removeIf(
        i -> {
          String name = i.getPath().getName();
          return name.endsWith(".gz") && names.contains(name.substring(0, name.length() - 3));
        });
    if (images.isEmpty()) {
      throw ConveneException.data(
          "no IDX files in %s: a directory must hold one images file, named like"
              + " train-images-idx3-ubyte, and its labels file, train-labels-idx1-ubyte"
              + " (each may end in .gz)",
          directory);
    }
    if (images.size() > 1) {
      throw ConveneException.data(
          "%d pairs of IDX files in %s (%s): name the images file instead of the directory",
          images.size(), directory, String.join(", ", names));
    }
    return images.get(0);
  }

  private static FileStatus labelsBeside(FileSystem fileSystem, Path images) throws IOException {
    Matcher name = IMAGES.matcher(images.getName());
    if (!name.matches()) {
      throw ConveneException.data(
          "%s: the labels file is found by the name of the images file, which must hold"
              + " images-idx3, as train-images-idx3-ubyte does",
          images);
    }
    String plain = name.group(1) + "labels" + name.group(2) + "idx1" + name.group(3);
    for (String candidate : List.of(plain, plain + ".gz")) {
      Path labels = new Path(images.getParent(), candidate);
      if (fileSystem.exists(labels)) {
        return fileSystem.getFileStatus(labels);
      }
    }
    throw ConveneException.data("%s has no labels file: no %s[.gz] beside it", images, plain);
  }

  /** Checks that images can be read together. */
  static void requireOneImageSize(List<IdxPair> pairs) {
    IdxFile first = pairs.get(0).images;
    for (IdxPair pair : pairs) {
      IdxFile other = pair.images;
      if (other.rows() != first.rows() || other.columns() != first.columns()) {
        throw ConveneException.data(
            "%s has images of %d x %d, but %s of %d x %d: they cannot be read together",
            first.path(),
            first.rows(),
            first.columns(),
            other.path(),
            other.rows(),
            other.columns());
      }
    }
  }

  private static boolean isImages(String name) {
    return !name.startsWith(".") && !name.startsWith("_") && IMAGES.matcher(name).matches();
  }

  /** Whether this is the labels file of some pair. */
  static boolean isLabels(FileStatus file) {
    return file.isFile() && LABELS.matcher(file.getPath().getName()).matches();
  }
}
