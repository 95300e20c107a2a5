package dev.convene.data;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;

/**
 * A column of a table as the network's side needs it, and what is wrong with it: expressions over
 * the table's own columns.
 *
 * @param type of the value
 * @param value double, string or vector; of no meaning in a row where the column is bad
 * @param bad true or false, never null
 * @param held what the table has in its place, as text; null for nothing
 * @param fault what is wrong where it is bad: {@code column x holds 'abc', not a finite number}
 * @param remedy what to do about it
 */
record CheckedColumn(
    String name,
    DataType type,
    Metadata metadata,
    Column value,
    Column bad,
    Column held,
    Column fault,
    Column remedy) {}
