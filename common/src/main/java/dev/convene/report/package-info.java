/** What a run tells: metrics, their file and the last line of standard output. */
package dev.convene.report;
