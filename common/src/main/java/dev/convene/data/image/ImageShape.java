package dev.convene.data.image;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/**
 * What every image becomes: pixels of so many columns, rows and channels.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 */
public record ImageShape(int width, int height, int channels) implements Serializable {
  /** In the metadata of a column of images: width, height and channels. */
  private static final String SHAPE = "convene.image";

  /** The shape of the images that a column's metadata declare; empty if it holds none. */
  public static Optional<ImageShape> of(Metadata column) {
    if (!column.contains(SHAPE)) {
      return Optional.empty();
    }
    long[] sides = column.getLongArray(SHAPE);
    return Optional.of(new ImageShape((int) sides[0], (int) sides[1], (int) sides[2]));
  }

  /** The metadata of a column of such images, which MLlib also learns its vectors' size from. */
  public Metadata metadata(String column) {
    return new AttributeGroup(column, values())
        .toMetadata(
            new MetadataBuilder()
                .putLongArray(SHAPE, new long[] {width, height, channels})
                .build());
  }

  /** The length of {@link ImageDecoder#decode}'s result. */
  public int values() {
    return width * height * channels;
  }
}
