package dev.convene.data;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;

/**
 * A column of a table in the type that the network's side needs, and a description of values that
 * cannot be used.
 *
 * @param type of the value
 * @param value double, string or vector; of no meaning in a row where the column is not good
 * @param good true; false or null in a row where the column cannot be used
 * @param badValue describes the others, from the values that the table holds
 */
record CheckedColumn(
    String name, DataType type, Metadata metadata, Column value, Column good, BadValue badValue) {

  /** This column, with one more condition. */
  CheckedColumn onlyIf(Column condition) {
    return new CheckedColumn(name, type, metadata, value, good.and(condition), badValue);
  }
}
