/** Benchmarks: not part of the test run. src/test/benchmark/README.md tells how to run them. */
package dev.convene.benchmark;
