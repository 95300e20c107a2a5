/** The mathematics of dense networks on one flat array of parameters. No Spark. */
package dev.convene.nn;
