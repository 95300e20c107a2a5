/** From any source to DataFrames of typed columns, and from those to shards. */
package dev.convene.data;
