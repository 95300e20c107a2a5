package dev.convene.data.pixels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A Spark data source of labelled images, one row each, in the order of the files.
 *
 * <p>Columns: {@code label} double, {@code features} an MLlib vector of the pixels, 0..255, and
 * {@code row} long, the image's index in its file from 0. Plain files are read by several tasks, a
 * gzipped one by one. A file none of whose columns is asked for need not be opened. Damaged files
 * end in a {@link ConveneException} that names file and numbers: from {@code load} where header and
 * length show it, else from the task that reads.
 */
public abstract class PixelSource implements TableProvider, DataSourceRegister {
  // Spark asks one instance for the schema, then for the table: the headers are read once.
  private PixelTable table;

  /**
   * The images at the given paths, in their order: at least one file, all with as many pixels.
   *
   * @throws ConveneException if there are none, or a file is damaged
   */
  protected abstract List<? extends LabelledImages> find(List<String> paths, Configuration hadoop);

  /** Looks at what a path matches. */
  protected interface Visitor {
    void visit(FileSystem fileSystem, List<FileStatus> matches) throws IOException;
  }

  /**
   * Hands over the files and directories that each path is or, by wildcards, matches: at least one.
   *
   * @throws ConveneException if nothing matches, or the storage cannot be read
   */
  protected static void visit(List<String> paths, Configuration hadoop, Visitor visitor) {
    for (String path : paths) {
      try {
        Path pattern = new Path(path);
        FileSystem fileSystem = pattern.getFileSystem(hadoop);
        FileStatus[] matches =
            fileSystem.exists(pattern)
                ? new FileStatus[] {fileSystem.getFileStatus(pattern)}
                : fileSystem.globStatus(pattern);
        if (matches == null || matches.length == 0) {
          throw ConveneException.data("no such path: %s", path);
        }
        visitor.visit(fileSystem, Arrays.asList(matches));
      } catch (UnsupportedFileSystemException e) {
        throw ConveneException.usage("%s names no storage: %s", path, e.getMessage());
      } catch (IOException e) {
        throw new ConveneException(
            ExitStatus.UNAVAILABLE, "cannot read " + path + ": " + e.getMessage(), e);
      }
    }
  }

  @Override
  public final StructType inferSchema(CaseInsensitiveStringMap options) {
    Configuration hadoop = SparkSession.active().sparkContext().hadoopConfiguration();
    table = new PixelTable(shortName(), List.copyOf(find(paths(options), hadoop)));
    return table.schema();
  }

  @Override
  public final Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> options) {
    if (table == null) {
      inferSchema(new CaseInsensitiveStringMap(options));
    }
    return table;
  }

  /** Spark hands one path over as {@code path}, several as a JSON array {@code paths}. */
  private List<String> paths(CaseInsensitiveStringMap options) {
    if (options.containsKey("path")) {
      return List.of(options.get("path"));
    }
    if (!options.containsKey("paths")) {
      throw ConveneException.usage("the %s source needs a path: load(path)", shortName());
    }
    try {
      return List.of(new ObjectMapper().readValue(options.get("paths"), String[].class));
    } catch (JsonProcessingException e) {
      throw ConveneException.usage("paths is not a JSON array: %s", options.get("paths"));
    }
  }
}
