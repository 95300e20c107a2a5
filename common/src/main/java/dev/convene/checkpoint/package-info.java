/**
 * Checkpoints: all that a training is, in files of any Hadoop file system, so that it can go on
 * after its process has ended.
 */
package dev.convene.checkpoint;
