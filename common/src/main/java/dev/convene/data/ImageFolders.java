package dev.convene.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static scala.collection.JavaConverters.seqAsJavaList;

import dev.convene.ConveneException;
import dev.convene.data.image.ImageDecoder;
import dev.convene.data.image.ImageShape;
import dev.convene.data.image.UnreadableImageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.execution.datasources.FileIndex;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Images in folders, one folder a class: a row for each file, with its path, the name of its folder
 * as the label, and its pixels. A pass decodes images only if it needs their pixels.
 */
final class ImageFolders {
  static final String PATH = "path";
  static final String LABEL = "label";
  static final String FEATURES = "features";

  private static final String NAME_FILTER = "pathGlobFilter";

  /** As float32, an image of so many numbers takes the 16 MB of a shard's block. */
  private static final int MOST_FEATURES = 4_000_000;

  /** Many times what a photo takes; a row's content must fit into an array. */
  private static final long MOST_BYTES = 256 << 20;

  /** Takes a second or less where they are small. */
  private static final int FILES_PER_TASK = 500;

  private static final String PIXELS = "pixels";
  private static final String PROBLEM = "problem";
  private static final String IMAGE = "_convene_image";

  private ImageFolders() {}

  /** The columns path, label, features and {@link SourceTable#MALFORMED}. */
  static Dataset<Row> load(SparkSession spark, DataSource source, List<String> locations) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.put("recursiveFileLookup", "true");
    options.putAll(source.options());
    ImageShape shape = shape(options);
    Dataset<Row> files =
        SparkSource.load(spark.read().format("binaryFile").options(options), locations);
    List<Path> paths = new ArrayList<>();
    List<Row> unread = new ArrayList<>();
    long bytes = 0;
    for (FileStatus file : listed(files)) {
      paths.add(file.getPath());
      Optional<String> problem = problem(file);
      if (problem.isPresent()) {
        unread.add(RowFactory.create(file.getPath().toString(), problem.get()));
      } else {
        bytes += file.getLen();
      }
    }
    if (paths.isEmpty()) {
      throw ConveneException.data(
          "%s has no rows: there is no image file in it%s",
          source,
          options.containsKey(NAME_FILTER)
              ? " that data.options." + NAME_FILTER + " = " + options.get(NAME_FILTER) + " matches"
              : "");
    }
    Column label = label(paths).as(LABEL);
    Dataset<Row> images =
        files
            .filter(col("length").leq(MOST_BYTES))
            .coalesce(tasks(spark, paths.size(), bytes))
            .select(col(PATH), label, decoder(shape).apply(col("content")).as(IMAGE))
            .select(
                col(PATH),
                col(LABEL),
                col(IMAGE).getField(PIXELS).as(FEATURES, shape.metadata(FEATURES)),
                col(IMAGE).getField(PROBLEM).as(MalformedRow.COLUMN));
    if (unread.isEmpty()) {
      return images;
    }
    StructType row =
        new StructType().add(PATH, DataTypes.StringType).add(PROBLEM, DataTypes.StringType);
    return images.union(
        spark
            .createDataFrame(unread, row)
            .select(
                col(PATH),
                label,
                lit(null).cast(SQLDataTypes.VectorType()).as(FEATURES, shape.metadata(FEATURES)),
                col(PROBLEM).as(MalformedRow.COLUMN)));
  }

  /** Why a file is not read: Spark leaves empty ones out, the filter those that are too long. */
  private static Optional<String> problem(FileStatus file) {
    if (file.getLen() == 0) {
      return Optional.of("the file " + file.getPath() + " is empty");
    }
    return file.getLen() <= MOST_BYTES
        ? Optional.empty()
        : Optional.of(
            "the file %s has %d bytes, more than the %d that an image may take"
                .formatted(file.getPath(), file.getLen(), MOST_BYTES));
  }

  /** All files that Spark found, those too that it will not read since they are empty. */
  private static List<FileStatus> listed(Dataset<Row> files) {
    LogicalRelation relation = (LogicalRelation) files.queryExecution().analyzed();
    FileIndex index = ((HadoopFsRelation) relation.relation()).location();
    return seqAsJavaList(((PartitioningAwareFileIndex) index).allFiles());
  }

  /** By Spark's own rule, which has larger files in mind, a task reads 32 files at most. */
  private static int tasks(SparkSession spark, int files, long bytes) {
    long forBytes = bytes / spark.sessionState().conf().filesMaxPartitionBytes();
    return Math.max(
        spark.sparkContext().defaultParallelism(),
        Math.toIntExact(Math.max(files / FILES_PER_TASK, forBytes)));
  }

  private static ImageShape shape(Map<String, String> options) {
    int width = number(options, "width");
    int height = number(options, "height");
    int channels = options.containsKey("channels") ? number(options, "channels") : 3;
    if (channels != 1 && channels != 3) {
      throw ConveneException.usage(
          "data.options.channels = %d: set it to 1 (grey) or 3 (red, green, blue)", channels);
    }
    if ((double) width * height * channels > MOST_FEATURES) {
      throw ConveneException.usage(
          "data.options: %d x %d pixels of %d channels are more features than %d, the most that an"
              + " image may have: make width and height smaller",
          width, height, channels, MOST_FEATURES);
    }
    return new ImageShape(width, height, channels);
  }

  private static int number(Map<String, String> options, String name) {
    String text = options.get(name);
    if (text == null) {
      throw ConveneException.usage(
          "data.options.%s is not set: format image needs the width and height, in pixels, to which"
              + " it stretches every image",
          name);
    }
    try {
      int number = Integer.parseInt(text.strip());
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, as a number that is too small is.
    }
    throw ConveneException.usage(
        "data.options.%s = %s is no whole number of at least 1", name, text);
  }

  /** The name of the file's folder; null for a file that lies beside folders of files. */
  private static Column label(List<Path> files) {
    Set<Path> folders = files.stream().map(Path::getParent).collect(Collectors.toSet());
    Set<Path> above = new HashSet<>();
    for (Path folder : folders) {
      Path parent = folder.getParent();
      while (parent != null && above.add(parent)) {
        parent = parent.getParent();
      }
    }
    above.retainAll(folders);
    Column folder = regexp_replace(col(PATH), "/[^/]*$", "");
    return when(
        not(folder.isin(above.stream().map(Path::toString).toArray())),
        element_at(split(folder, "/"), -1));
  }

  /** Of a file's content: its pixels, or the problem with it. */
  private static UserDefinedFunction decoder(ImageShape shape) {
    ImageDecoder decoder = new ImageDecoder(shape);
    UDF1<byte[], Row> decode =
        content -> {
          try {
            return RowFactory.create(Vectors.dense(decoder.decode(content)), null);
          } catch (UnreadableImageException e) {
            return RowFactory.create(null, e.getMessage());
          }
        };
    StructType image =
        new StructType().add(PIXELS, SQLDataTypes.VectorType()).add(PROBLEM, DataTypes.StringType);
    // Spark computes what is not deterministic once a row, however often it is used.
    return udf(decode, image).asNondeterministic();
  }
}
