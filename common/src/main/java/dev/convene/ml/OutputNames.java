package dev.convene.ml;

import dev.convene.ConveneException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.types.StructField;
import scala.Option;

/** Names of several numbers in one column of vectors, as spark.ml's metadata have them. */
final class OutputNames {
  private OutputNames() {}

  /** The names that a column's metadata give all its numbers, else none. */
  static List<String> of(StructField column) {
    if (!(column.dataType() instanceof VectorUDT)) {
      return List.of();
    }
    Option<Attribute[]> attributes = AttributeGroup.fromStructField(column).attributes();
    if (attributes.isEmpty()) {
      return List.of();
    }
    List<Option<String>> names = Arrays.stream(attributes.get()).map(Attribute::name).toList();
    return names.stream().allMatch(Option::isDefined)
        ? names.stream().map(Option::get).toList()
        : List.of();
  }

  /** A column of vectors whose numbers have these names; only their number if there are none. */
  static AttributeGroup group(String column, List<String> names, int count) {
    return names.isEmpty()
        ? new AttributeGroup(column, count)
        : new AttributeGroup(
            column,
            names.stream()
                .map(name -> NumericAttribute.defaultAttr().withName(name))
                .toArray(Attribute[]::new));
  }

  /**
   * Refuses labels that are named as a model's outputs are not. Where either has no names, their
   * order counts.
   *
   * @throws ConveneException (data)
   */
  static void requireSame(List<String> outputs, StructField label, String rowsName) {
    List<String> labels = of(label);
    if (!outputs.isEmpty() && !labels.isEmpty() && !labels.equals(outputs)) {
      throw ConveneException.data(
          "the labels of %s are %s, but the outputs of the model are %s: give it those labels, in that"
              + " order",
          rowsName, String.join(", ", labels), String.join(", ", outputs));
    }
  }
}
