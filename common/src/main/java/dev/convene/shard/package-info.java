/**
 * From a DataFrame to shards, blocks of rows that each worker keeps, and the order in which it
 * takes them.
 */
package dev.convene.shard;
