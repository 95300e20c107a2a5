package dev.convene.data;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Files of libsvm's lines, {@code label index:value index:value ...}: the columns, options and
 * values of Spark's source of that name, which has no message for a line that it cannot read.
 */
final class LibsvmFormat implements TableFormat {
  /** The option, and in the metadata of the vectors their size. */
  static final String WIDTH = "numFeatures";

  private static final String LABEL = "label";
  private static final String FEATURES = "features";
  private static final String VECTOR_TYPE = "vectorType";
  private static final String TEXT = "value";
  private static final String PARSED = "_convene_parsed";

  /** {@inheritDoc} The columns label and features, and those that folders' names give. */
  @Override
  public Dataset<Row> load(SparkSession spark, DataSource source, List<String> locations) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(source.options());
    Dataset<Row> lines =
        SparkSource.load(spark.read().format("text").options(source.options()), locations);
    Dataset<Row> rows = lines.filter(not(col(TEXT).rlike("^\\s*(#|$)")));
    int width = width(options, rows);
    Metadata metadata = new MetadataBuilder().putLong(WIDTH, width).build();
    List<Column> columns =
        new ArrayList<>(
            List.of(
                col(PARSED).getField(LABEL).as(LABEL),
                col(PARSED).getField(FEATURES).as(FEATURES, metadata)));
    List.of(lines.columns()).stream()
        .filter(name -> !name.equals(TEXT))
        .map(ColumnNames::column)
        .forEach(columns::add);
    columns.add(when(col(PARSED).isNull(), col(TEXT)).as(MalformedRow.COLUMN));
    return rows.withColumn(PARSED, parser(width, isDense(options)).apply(col(TEXT)))
        .select(columns.toArray(Column[]::new));
  }

  private static int width(Map<String, String> options, Dataset<Row> rows) {
    if (options.containsKey(WIDTH)) {
      String width = options.get(WIDTH).strip();
      if (!width.matches("[1-9]\\d{0,8}")) {
        throw ConveneException.usage(
            "data.options.%s = %s is no whole number of at least 1", WIDTH, width);
      }
      return Integer.parseInt(width);
    }
    UDF1<String, Integer> needed = text -> LibsvmLine.parse(text).width();
    Column widest = max(udf(needed, DataTypes.IntegerType).apply(col(TEXT)));
    return rows.agg(coalesce(widest, lit(0))).head().getInt(0);
  }

  private static boolean isDense(Map<String, String> options) {
    String type = options.getOrDefault(VECTOR_TYPE, "sparse");
    if (!type.equals("sparse") && !type.equals("dense")) {
      throw ConveneException.usage(
          "data.options.%s = %s is neither sparse nor dense", VECTOR_TYPE, type);
    }
    return type.equals("dense");
  }

  /** Of a line: its label and features; null for one that cannot be read. */
  private static UserDefinedFunction parser(int width, boolean dense) {
    UDF1<String, Row> parse =
        text -> {
          LibsvmLine line = LibsvmLine.parse(text);
          return line.isSound() && line.width() <= width
              ? RowFactory.create(line.label(), line.features(width, dense))
              : null;
        };
    StructType row =
        new StructType().add(LABEL, DataTypes.DoubleType).add(FEATURES, SQLDataTypes.VectorType());
    // Spark computes what is not deterministic once a row, however often it is used.
    return udf(parse, row).asNondeterministic();
  }

  @Override
  public boolean mayLack(StructField column) {
    return column.name().equals(LABEL) || column.name().equals(FEATURES);
  }

  @Override
  public MalformedRow malformedRow(int fields) {
    return new MalformedRow(
        text ->
            LibsvmLine.parse(text)
                    .problem()
                    .orElse("the row has more features than data.options." + WIDTH + " says")
                + ": "
                + MalformedRow.abbreviated(text),
        "");
  }

  @Override
  public OptionalLong lineOf(SparkSession spark, BadRowException bad) {
    return bad.column() == null && bad.file() != null
        ? TextLines.first(
            TextLines.of(spark, bad.file(), bad.source().options())
                .filter(TextLines.is(bad.value())))
        : OptionalLong.empty();
  }
}
