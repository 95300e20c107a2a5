/** What a run reports: metrics, their file and the last line of standard output. */
package dev.convene.report;
