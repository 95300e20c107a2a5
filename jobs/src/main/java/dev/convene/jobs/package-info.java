/**
 * The application: one small class a job over one base that owns session, exit status and messages.
 */
package dev.convene.jobs;
