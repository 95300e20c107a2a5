/** Scores rows with a model in a service on the JVM, with nothing but the JDK. */
package dev.convene.scorer;
