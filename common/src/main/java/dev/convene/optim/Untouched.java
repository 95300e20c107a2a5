package dev.convene.optim;

/**
 * What an optimizer does to weights that a minibatch of sparse rows does not touch: those of inputs
 * that are 0 in all of its rows, so that the gradient by them is 0.
 */
public enum Untouched {
  /** It moves them or what it remembers of them, by momentum or decay. */
  MOVE,

  /** A step with a gradient of 0 changes neither: to leave them out comes to the same. */
  STAY,

  /** It would change them, but leaves them out by its definition. */
  LEFT_OUT
}
