package dev.convene.data.pixels;

import dev.convene.data.image.ImageShape;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/** Images and their labels, in one file or in a pair of files. */
public interface LabelledImages extends Serializable {
  /** The file's path; of a pair that of the images. */
  String path();

  /** The shape of every image. */
  ImageShape shape();

  /** Pixels of one image, in all its channels. */
  default int pixels() {
    return shape().values();
  }

  /** How many images there are; {@link Long#MAX_VALUE} if only reading them all shows it. */
  long count();

  /** How many bytes there are to read. */
  long bytes();

  /** Whether reading may begin at any image, as it cannot in a gzip stream. */
  boolean splittable();

  /** A cursor before an image, counted from 0; it opens a file when it needs it. */
  ImageCursor openAt(long image, Configuration hadoop);
}
