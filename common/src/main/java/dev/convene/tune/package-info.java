/**
 * The choice of learning rates and settings by the loss on validation rows: rules only, no Spark.
 */
package dev.convene.tune;
