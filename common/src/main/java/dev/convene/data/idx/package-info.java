/**
 * The Spark data source {@code idx}: pairs of IDX files, images and their labels, as MNIST and its
 * relatives are distributed.
 *
 * <p>The format: a big-endian int magic number (2051 for images, 2049 for labels), the number of
 * items, for images also rows and columns of each, then one unsigned byte per pixel (row-major) or
 * label.
 */
package dev.convene.data.idx;
