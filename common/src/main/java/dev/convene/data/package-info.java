/** From files to DataFrames of numbers: every format, registered data sets and their checks. */
package dev.convene.data;
