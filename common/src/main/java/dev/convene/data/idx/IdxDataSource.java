package dev.convene.data.idx;

import dev.convene.ConveneException;
import dev.convene.data.pixels.PixelSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * {@code spark.read().format("idx").load(path...)}: images with their labels, pixels row-major.
 *
 * <p>A path is a directory that holds one pair of files or an images file whose labels file lies
 * beside it (train-images-idx3-ubyte, train-labels-idx1-ubyte); each may be gzipped.
 */
public final class IdxDataSource extends PixelSource {
  @Override
  public String shortName() {
    return "idx";
  }

  @Override
  protected List<IdxPair> find(List<String> paths, Configuration hadoop) {
    List<IdxPair> pairs = new ArrayList<>();
    visit(
        paths,
        hadoop,
        (fileSystem, matches) -> {
          for (FileStatus match : matches) {
            // A glob that matches whole pairs names the labels too; they come with their images.
            if (matches.size() == 1 || !IdxPair.isLabels(match)) {
              pairs.add(IdxPair.at(fileSystem, match));
            }
          }
        });
    if (pairs.isEmpty()) {
      throw ConveneException.data("no IDX images file among %s", paths);
    }
    IdxPair.requireOneImageSize(pairs);
    return pairs;
  }
}
