/**
 * What Spark data sources of labelled images have in common: files of unsigned bytes, read row by
 * row as {@code label}, {@code features} and {@code row}.
 */
package dev.convene.data.pixels;
