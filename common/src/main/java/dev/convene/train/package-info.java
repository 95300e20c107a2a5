/** Training by parameter averaging: the worker's loop, rounds, averages, the history. */
package dev.convene.train;
