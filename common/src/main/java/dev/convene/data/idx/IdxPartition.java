package dev.convene.data.idx;

import org.apache.spark.sql.connector.read.InputPartition;

/** The rows {@code [first, end)} of a pair. */
record IdxPartition(IdxPair pair, long first, long end) implements InputPartition {}
