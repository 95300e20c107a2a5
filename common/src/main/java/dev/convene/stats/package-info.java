/** Sums and moments that are exact, so that no order of summation shows in them. No Spark. */
package dev.convene.stats;
