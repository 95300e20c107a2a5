/** The spark.ml Estimators and Models. */
package dev.convene.ml;
