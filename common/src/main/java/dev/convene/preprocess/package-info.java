/**
 * From raw columns to the network's features as MLlib stages, fitted so that no partitioning or
 * task order shows, and run as one function of a row.
 */
package dev.convene.preprocess;
