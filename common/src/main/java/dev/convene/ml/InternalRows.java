package dev.convene.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.GetColumnByOrdinal;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.ObjectType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.IndexedSeq;
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
    List<Expression> columns = new ArrayList<>();
    StructField[] fields = schema.fields();
    for (int i = 0; i < fields.length; i++) {
      Literal name = Literal.create(column(i), DataTypes.StringType);
      fromRow.add(name);
      fromRow.add(new GetStructField(row, i, Option.empty()));
      columns.add(new GetColumnByOrdinal(i, fields[i].dataType()));
    }
    return new ExpressionEncoder<>(
        new CreateNamedStruct(seq(fromRow)),
        new WholeRow(seq(columns)),
        ClassTag.apply(InternalRow.class));
  }

  /** The name of column i: a schema's own names may occur twice. */
  static String column(int i) {
    return "_" + i;
  }

  /**
   * A column of the encoded rows as it is, but such that Spark's optimizer does not see through it:
   * to read only some fields of a struct it would rewrite our serializer, and take others.
   */
  static Column whole(Column column, DataType type) {
    boolean hasFields =
        type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
    return hasFields ? new Column(same(column.expr(), type)) : column;
  }

  /** The row itself. Only generated code calls it. */
  public static InternalRow same(InternalRow row) {
    return row;
  }

  /** The array itself. Only generated code calls it. */
  public static ArrayData same(ArrayData array) {
    return array;
  }

  /** The map itself. Only generated code calls it. */
  public static MapData same(MapData map) {
    return map;
  }

  /** The same value, maybe under another type: an object to Spark here, a struct there. */
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

  /**
   * All columns of a row as an object: the row itself, in whatever form Spark has it, if these are
   * its columns. It may be reused for the next row.
   */
  public static final class WholeRow extends Expression implements CodegenFallback, Serializable {
    private static final long serialVersionUID = 1;

    private final scala.collection.Seq<Expression> columns;
    private transient Boolean inPlace;

    /** Spark copies expressions by their constructor. */
    public WholeRow(scala.collection.Seq<Expression> columns) {
      this.columns = columns;
    }

    @Override
    public InternalRow eval(InternalRow row) {
      if (inPlace == null) {
        inPlace =
            IntStream.range(0, columns.size())
                .allMatch(
                    i -> columns.apply(i) instanceof BoundReference input && input.ordinal() == i);
      }
      if (inPlace && row.numFields() == columns.size()) {
        return row;
      }
      Object[] values = new Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = columns.apply(i).eval(row);
      }
      return new GenericInternalRow(values);
    }

    @Override
    public boolean nullable() {
      return false;
    }

    @Override
    public DataType dataType() {
      return OBJECT;
    }

    @Override
    public scala.collection.Seq<Expression> children() {
      return columns;
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> newColumns) {
      return new WholeRow(newColumns);
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
      return CodegenFallback.super.doGenCode(context, code);
    }

    @Override
    public int productArity() {
      return 1;
    }

    @Override
    public Object productElement(int i) {
      return columns;
    }

    @Override
    public boolean canEqual(Object other) {
      return other instanceof WholeRow;
    }
  }

  private static <T> Seq<T> seq(List<T> elements) {
    return JavaConverters.asScalaBuffer(elements).toList();
  }
}
