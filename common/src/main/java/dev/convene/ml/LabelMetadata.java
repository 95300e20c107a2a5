package dev.convene.ml;

import dev.convene.ConveneException;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.types.StructField;

/**
 * The classes that spark.ml's metadata of a label column declare, as StringIndexer writes them.
 *
 * @param count how many there are; 0: none are declared
 * @param lastIsForUnseen whether the last is the slot that StringIndexer keeps for unseen labels
 */
record LabelMetadata(String label, int count, boolean lastIsForUnseen) {
  private static final String UNSEEN = "__unknown";

  static LabelMetadata of(StructField label) {
    Attribute attribute = Attribute.fromStructField(label);
    if (attribute instanceof BinaryAttribute) {
      return new LabelMetadata(label.name(), 2, false);
    }
    if (attribute instanceof NominalAttribute nominal) {
      int count = (int) nominal.getNumValues().getOrElse(() -> 0);
      boolean lastIsForUnseen =
          nominal.values().isDefined() && nominal.values().get()[count - 1].equals(UNSEEN);
      return new LabelMetadata(label.name(), count, lastIsForUnseen);
    }
    return new LabelMetadata(label.name(), 0, false);
  }

  /** Whether the number of classes follows from the metadata, whatever labels the rows have. */
  boolean isComplete() {
    return count > 1 && !lastIsForUnseen;
  }

  /**
   * The number of classes K. The slot for unseen labels is no class unless training rows have it.
   *
   * @param inRows the largest label of the training rows and one
   * @throws ConveneException (data) if rows have classes that are not declared
   */
  int countWith(int inRows, String rowsName) {
    if (count > 0 && inRows > count) {
      throw ConveneException.data("label %s%s", inRows - 1, outside(rowsName));
    }
    return Math.max(inRows, lastIsForUnseen ? count - 1 : count);
  }

  /** The message about a label that is not declared, without that label at its beginning. */
  String outside(String rowsName) {
    return " in %s, but the metadata of column %s declare %d classes 0..%d"
        .formatted(rowsName, label, count, count - 1);
  }
}
