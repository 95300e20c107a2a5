/** Optimizers, how a gradient changes parameters, and schedules, at which rate. No Spark. */
package dev.convene.optim;
