package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.train.EpochRecord;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The epochs of a history as Spark's rows, read by the names of their fields. */
final class HistoryRows {
  private static final String EPOCH = "epoch";
  private static final String ROUNDS = "rounds";
  private static final String EXAMPLES = "examples";
  private static final String TRAIN_LOSS = "trainLoss";
  private static final String TRAIN_ACCURACY = "trainAccuracy";
  private static final String VALIDATION_LOSS = "validationLoss";
  private static final String VALIDATION_ACCURACY = "validationAccuracy";
  private static final String LEARNING_RATE = "learningRate";
  private static final String SECONDS = "seconds";

  private static final List<String> OF_EVERY_EPOCH =
      List.of(EPOCH, ROUNDS, EXAMPLES, TRAIN_LOSS, LEARNING_RATE, SECONDS);

  private static final List<Field> FIELDS =
      List.of(
          new Field(EPOCH, DataTypes.IntegerType, EpochRecord::epoch),
          new Field(ROUNDS, DataTypes.IntegerType, EpochRecord::rounds),
          new Field(EXAMPLES, DataTypes.LongType, EpochRecord::examples),
          new Field(TRAIN_LOSS, DataTypes.DoubleType, EpochRecord::trainLoss),
          new Field(TRAIN_ACCURACY, DataTypes.DoubleType, EpochRecord::trainAccuracy),
          new Field(VALIDATION_LOSS, DataTypes.DoubleType, EpochRecord::validationLoss),
          new Field(VALIDATION_ACCURACY, DataTypes.DoubleType, EpochRecord::validationAccuracy),
          new Field(LEARNING_RATE, DataTypes.DoubleType, EpochRecord::learningRate),
          new Field(SECONDS, DataTypes.DoubleType, EpochRecord::seconds));

  /** Of one epoch's row. */
  static final StructType SCHEMA =
      new StructType(
          FIELDS.stream()
              .map(field -> DataTypes.createStructField(field.name, field.type, true))
              .toArray(StructField[]::new));

  private HistoryRows() {}

  static Row of(EpochRecord epoch) {
    return RowFactory.create(FIELDS.stream().map(field -> field.value.apply(epoch)).toArray());
  }

  /**
   * The epoch of a row, which may have other fields too.
   *
   * @throws ConveneException (data) if it lacks a value that every epoch has
   */
  static EpochRecord epoch(Row row) {
    for (String field : OF_EVERY_EPOCH) {
      if (row.getAs(field) == null) {
        throw ConveneException.data("its history has an epoch without %s", field);
      }
    }
    return new EpochRecord(
        row.<Integer>getAs(EPOCH),
        row.<Integer>getAs(ROUNDS),
        row.<Long>getAs(EXAMPLES),
        row.<Double>getAs(TRAIN_LOSS),
        row.getAs(TRAIN_ACCURACY),
        row.getAs(VALIDATION_LOSS),
        row.getAs(VALIDATION_ACCURACY),
        row.<Double>getAs(LEARNING_RATE),
        row.<Double>getAs(SECONDS));
  }

  private record Field(String name, DataType type, Function<EpochRecord, Object> value) {}
}
