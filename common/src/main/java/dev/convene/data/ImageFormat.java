package dev.convene.data;

import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/** Image files in folders, one folder a class ({@link ImageFolders}). */
final class ImageFormat implements TableFormat {
  private static final String LEAVE_FILE_OUT =
      "remove the file, or leave it out by data.options.pathGlobFilter";

  @Override
  public Dataset<Row> load(SparkSession spark, DataSource source, List<String> locations) {
    return ImageFolders.load(spark, source, locations);
  }

  @Override
  public boolean isOrigin(String column) {
    return column.equals(ImageFolders.PATH);
  }

  @Override
  public boolean isPixels(String column) {
    return column.equals(ImageFolders.FEATURES);
  }

  /** Folders' names may be numbers. */
  @Override
  public boolean holdsNumbersAsText() {
    return true;
  }

  /** An unreadable file has a path and a label all the same. */
  @Override
  public boolean mayLack(StructField column) {
    return column.dataType().equals(SQLDataTypes.VectorType());
  }

  @Override
  public MalformedRow malformedRow(int fields) {
    return new MalformedRow(problem -> problem, LEAVE_FILE_OUT);
  }

  @Override
  public String badRowRemedy() {
    return LEAVE_FILE_OUT;
  }

  @Override
  public Optional<String> missingLabelRemedy(String label) {
    return label.equals(ImageFolders.LABEL)
        ? Optional.of("it lies beside the folders of classes: move it into one of them")
        : Optional.empty();
  }

  @Override
  public String oneClassHint() {
    return ", and images one folder for each";
  }
}
