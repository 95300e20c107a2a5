/** What all of Convene shares: how a failure is told and how a process ends. */
package dev.convene;
