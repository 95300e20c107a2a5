/** What all of Convene shares: how a failure is reported and how a process ends. */
package dev.convene;
