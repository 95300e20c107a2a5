package dev.convene.ml;

import dev.convene.data.PackedFeatures;
import dev.convene.data.image.ImageShape;
import dev.convene.data.image.Thumbnail;
import dev.convene.report.EvaluatedRow;
import dev.convene.report.EvaluationSample;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The raw columns that a sample of evaluated rows keeps: the images' one, or a table's first ones.
 * Of a model of other vectors there is none to show.
 *
 * @since 0.2.0
 */
public final class SampledColumns implements Serializable {
  private static final long serialVersionUID = 1;

  /** Nothing is sampled. */
  public static final SampledColumns NONE = new SampledColumns(List.of(), null, 0, 0, 0);

  private static final int MOST_COLUMNS = 100;
  private static final int MOST_CLASSES = 64;
  private static final int TABLE_ROWS = 1000;
  private static final int IMAGES = 24;

  /** Shown and sent in place of larger images. */
  private static final int MOST_PIXELS_A_SIDE = 56;

  private final String[] names;

  /** Null if the rows are no images. */
  private final ImageShape images;

  private final int randomRows;
  private final int worstRows;
  private final int mostClasses;

  private SampledColumns(
      List<String> names, ImageShape images, int randomRows, int worstRows, int mostClasses) {
    this.names = names.toArray(String[]::new);
    this.images = images;
    this.randomRows = randomRows;
    this.worstRows = worstRows;
    this.mostClasses = mostClasses;
  }

  /**
   * Those of rows.
   *
   * @param inputs raw columns that the model reads, all of which the rows have
   */
  public static SampledColumns of(StructType rows, List<String> inputs, boolean classifies) {
    List<StructField> fields =
        PackedFeatures.columns(rows).stream()
            .filter(field -> inputs.contains(field.name()))
            .toList();
    for (StructField field : fields) {
      ImageShape shape = ImageShape.of(field.metadata()).orElse(null);
      if (shape != null && fields.size() == 1) {
        return new SampledColumns(
            List.of(field.name()),
            shape,
            classifies ? IMAGES : TABLE_ROWS / 4,
            classifies ? IMAGES : 0,
            MOST_CLASSES);
      }
    }
    List<String> scalars = new ArrayList<>(inputs);
    fields.stream()
        .filter(field -> field.dataType().equals(SQLDataTypes.VectorType()))
        .forEach(vector -> scalars.remove(vector.name()));
    if (scalars.size() > MOST_COLUMNS) {
      scalars.subList(MOST_COLUMNS, scalars.size()).clear();
    }
    return new SampledColumns(scalars, null, TABLE_ROWS, 0, MOST_CLASSES);
  }

  /** The columns' names, by which {@link EvaluatedRow#source} counts. */
  public List<String> names() {
    return List.of(names);
  }

  /** The shape of the images, if the one column is of images: {@link Thumbnail}s in the sample. */
  public Optional<ImageShape> images() {
    return Optional.ofNullable(images);
  }

  /** The columns to select. */
  List<Column> columns(StructType rows) {
    return List.of(PackedFeatures.columns(rows, names()));
  }

  EvaluationSample emptySample(int classes) {
    return EvaluationSample.of(randomRows, worstRows, classes > mostClasses ? 0 : classes);
  }

  boolean isSampling() {
    return randomRows > 0;
  }

  /** A row's values. */
  Object[] values(Row row, int firstColumn) {
    Object[] values = new Object[names.length];
    for (int i = 0; i < values.length; i++) {
      Object value = row.get(firstColumn + i);
      values[i] =
          images != null && value instanceof Vector pixels
              ? Thumbnail.of(pixels.toArray(), images, MOST_PIXELS_A_SIDE)
              : value;
    }
    return values;
  }
}
