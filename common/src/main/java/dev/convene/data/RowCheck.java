package dev.convene.data;

import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Checks columns of a row by one function of it: expressions of their own for every column would
 * cost Spark more to plan and to compile than the rows cost to read.
 */
final class RowCheck implements Serializable {
  private static final long serialVersionUID = 1;

  static final String TARGETS = "targets";
  static final String FEATURES = "features";
  static final String PROBLEM = "problem";

  private final DataSource source;
  private final MalformedRow malformedRow;
  private final ValueCheck[] checks;
  private final BadValue[] badValues;

  private RowCheck(SourceTable table, List<CheckedColumn> columns) {
    source = table.source();
    malformedRow = table.malformedRow();
    checks = columns.stream().map(CheckedColumn::check).toArray(ValueCheck[]::new);
    badValues = columns.stream().map(CheckedColumn::badValue).toArray(BadValue[]::new);
  }

  /**
   * The column after its check, which ends a pass that meets a bad value with a {@link
   * BadRowException}.
   */
  static Column refusing(SourceTable table, CheckedColumn column) {
    RowCheck check = new RowCheck(table, List.of(column));
    UDF3<String, Object, String, Object> checked =
        (file, held, malformed) -> check.values(file, RowFactory.create(held), malformed)[0];
    return udf(checked, column.type())
        .apply(input_file_name(), column.held(), malformed(table, List.of(column)));
  }

  /** Like {@link #refusing(SourceTable, CheckedColumn)}, the column of {@link PackedFeatures}. */
  static Column refusing(SourceTable table, List<CheckedColumn> features) {
    RowCheck check = new RowCheck(table, features);
    int[] arrays = arrays(features);
    UDF3<String, Row, String, Row> checked =
        (file, held, malformed) ->
            PackedFeatures.packed(check.values(file, held, malformed), arrays);
    Column malformed = malformed(table, features);
    Column packed =
        InterpretedColumn.of(
            () ->
                udf(checked, PackedFeatures.type())
                    .apply(input_file_name(), held(features), malformed));
    return features.stream().allMatch(CheckedColumn::checksNothing)
        ? when(malformed.isNull(), PackedFeatures.ofVectors(columns(features))).otherwise(packed)
        : packed;
  }

  /**
   * A struct of {@link #TARGETS}, itself a struct, of {@link #FEATURES}, packed, with null where a
   * value is bad, and of the {@link #PROBLEM} with the row: one sentence that names the file and
   * the first bad column, or why the source could not read the row; null for a good one.
   */
  static Column marked(
      SourceTable table, List<CheckedColumn> targets, List<CheckedColumn> features) {
    List<CheckedColumn> columns = Stream.concat(targets.stream(), features.stream()).toList();
    RowCheck check = new RowCheck(table, columns);
    int[] arrays = arrays(features);
    UDF3<String, Row, String, Row> marked =
        (file, held, malformed) -> check.marked(file, held, malformed, arrays);
    StructType type =
        new StructType()
            .add(
                TARGETS,
                new StructType(
                    targets.stream().map(CheckedColumn::field).toArray(StructField[]::new)))
            .add(FEATURES, PackedFeatures.type())
            .add(PROBLEM, DataTypes.StringType);
    return InterpretedColumn.of(
        () -> udf(marked, type).apply(input_file_name(), held(columns), malformed(table, columns)));
  }

  private static Column held(List<CheckedColumn> columns) {
    return struct(columns(columns));
  }

  private static Column[] columns(List<CheckedColumn> columns) {
    return columns.stream()
        .map(column -> column.held().as(column.name(), column.metadata()))
        .toArray(Column[]::new);
  }

  private static int[] arrays(List<CheckedColumn> features) {
    return features.stream().mapToInt(feature -> PackedFeatures.arrayOf(feature.type())).toArray();
  }

  /** The text of a malformed row, if such a row lacks one of the columns; else null. */
  private static Column malformed(SourceTable table, List<CheckedColumn> columns) {
    return columns.stream().anyMatch(column -> table.mayLack(column.name()))
        ? table.column(MalformedRow.COLUMN)
        : lit(null).cast(DataTypes.StringType);
  }

  private Object[] values(String file, Row held, String malformed) {
    if (malformed != null) {
      throw new BadRowException(
          source, fileName(file), null, malformed, malformedRow.problemAndRemedy(malformed));
    }
    Object[] values = new Object[checks.length];
    for (int c = 0; c < values.length; c++) {
      values[c] = checks[c].checked(held.get(c));
      if (values[c] == ValueCheck.Refusal.BAD) {
        throw badValue(file, badValues[c], held.get(c));
      }
    }
    return values;
  }

  private BadRowException badValue(String file, BadValue badValue, Object held) {
    return new BadRowException(
        source,
        fileName(file),
        badValue.column(),
        held == null ? null : held.toString(),
        badValue.problem(held) + ": " + badValue.remedy(held));
  }

  private Row marked(String file, Row held, String malformed, int[] arrays) {
    Object[] values = new Object[checks.length];
    String problem = malformed == null ? null : malformedRow.problem(malformed);
    for (int c = 0; malformed == null && c < checks.length; c++) {
      Object value = checks[c].checked(held.get(c));
      if (value != ValueCheck.Refusal.BAD) {
        values[c] = value;
      } else if (problem == null) {
        problem = badValues[c].problem(held.get(c));
      }
    }
    int targets = values.length - arrays.length;
    return RowFactory.create(
        RowFactory.create(Arrays.copyOf(values, targets)),
        PackedFeatures.packed(Arrays.copyOfRange(values, targets, values.length), arrays),
        problem == null ? null : placed(file) + ": " + problem);
  }

  private String placed(String file) {
    return Optional.ofNullable(fileName(file)).orElse(source.toString());
  }

  /** Spark gives the file as a URI, or nothing where the source has no files. */
  private static String fileName(String file) {
    return file.isEmpty() ? null : new Path(URI.create(file)).toString();
  }
}
