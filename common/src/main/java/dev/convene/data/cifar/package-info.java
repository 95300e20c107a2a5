/**
 * The Spark data source {@code cifar10}: the binary version of CIFAR-10, 32 x 32 colour images of
 * ten classes.
 *
 * <p>The format: records of 3073 bytes, the label 0..9 and then 1024 bytes each of red, green and
 * blue, row-major from the top.
 */
package dev.convene.data.cifar;
