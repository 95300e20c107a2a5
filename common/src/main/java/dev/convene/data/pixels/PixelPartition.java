package dev.convene.data.pixels;

import org.apache.spark.sql.connector.read.InputPartition;

/** The rows {@code [first, end)} of a file, or those up to its end. */
record PixelPartition(LabelledImages images, long first, long end) implements InputPartition {}
