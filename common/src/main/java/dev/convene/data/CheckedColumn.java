package dev.convene.data;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;

/**
 * A column of a table as the network's side needs it, and what is wrong with it.
 *
 * @param type of the value
 * @param value double, string or vector; of no meaning in a row where the column is not good
 * @param good true; false or null in a row where the column cannot be used
 * @param fault tells why, from what the table holds there
 */
record CheckedColumn(
    String name, DataType type, Metadata metadata, Column value, Column good, Fault fault) {}
