/** Finds, loads and names the BLAS that a JVM computes with. */
package dev.convene.blas;
