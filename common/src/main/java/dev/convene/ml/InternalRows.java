package dev.convene.ml;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.GetColumnByOrdinal;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag;

/**
 * The bridge to Spark's rows as they are inside, unstable API: a Dataset of them is mapped like any
 * other, lazily and in streams too, but no value is converted to a Java object and back.
 *
 * <p>Public for the code that Spark generates.
 */
public final class InternalRows {
  private static final DataType OBJECT = new ObjectType(InternalRow.class);

  private InternalRows() {}

  /** Takes rows of this schema as they are; the columns are called by {@link #column}. */
  static Encoder<InternalRow> encoder(StructType schema) {
    Expression row = same(new BoundReference(0, OBJECT, false), schema);
    List<Expression> fromRow = new ArrayList<>();
    List<Expression> toRow = new ArrayList<>();
    StructField[] fields = schema.fields();
    for (int i = 0; i < fields.length; i++) {
      Literal name = Literal.create(column(i), DataTypes.StringType);
      fromRow.add(name);
      fromRow.add(new GetStructField(row, i, Option.empty()));
      toRow.add(name);
      toRow.add(new GetColumnByOrdinal(i, fields[i].dataType()));
    }
    return new ExpressionEncoder<>(
        new CreateNamedStruct(seq(fromRow)),
        same(new CreateNamedStruct(seq(toRow)), OBJECT),
        ClassTag.apply(InternalRow.class));
  }

  /** The name of column i: a schema's own names may occur twice. */
  static String column(int i) {
    return "_" + i;
  }

  /** The row itself. Only generated code calls it. */
  public static InternalRow same(InternalRow row) {
    return row;
  }

  /** The same row under another type: an object to Spark here, a struct there. */
  private static Expression same(Expression value, DataType type) {
    return new StaticInvoke(
        InternalRows.class,
        type,
        "same",
        seq(List.of(value)),
        seq(List.<AbstractDataType>of()),
        true,
        false,
        true);
  }

  private static <T> Seq<T> seq(List<T> elements) {
    return JavaConverters.asScalaBuffer(elements).toList();
  }
}
