/** Optimizers: how a gradient changes parameters. No Spark. */
package dev.convene.optim;
