package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.io.Serializable;
import java.util.List;

/**
 * What a model computes, without its parameters. These are one flat float32 array, whose order the
 * implementation describes.
 */
public interface Network extends Serializable {
  /** What networks it is one of, as a file that holds it names them. */
  String kind();

  /** Makes the same network for those who know its kind, with its inputs, outputs and loss. */
  String description();

  /** Features of a row. */
  int inputs();

  /** Classes, or numbers that a regression predicts. */
  int outputs();

  /** What evaluation compares the outputs by. */
  Loss loss();

  /** The length of the array of parameters. */
  int parameterCount();

  /** Its layers from input to output, for people to read. */
  List<LayerSummary> summary();

  /**
   * A pass for the calling thread.
   *
   * @param maxRows the most rows of one call
   */
  ForwardPass forwardPass(int maxRows, BLAS blas);

  /** The most numbers that any layer takes or gives for one row. */
  default int widestLayer() {
    return Math.max(inputs(), outputs());
  }

  /**
   * How many rows may go through at a time, at least 1.
   *
   * @param maxRows the most rows
   * @param maxBytes the most that one layer's float32 numbers may take, if it is not a single row's
   */
  default int rowsAtATime(int maxRows, int maxBytes) {
    return Math.max(1, Math.min(maxRows, maxBytes / Float.BYTES / widestLayer()));
  }

  /** Targets of one row, see {@link Loss#targetsPerRow}. */
  default int targetsPerRow() {
    return loss().targetsPerRow(outputs());
  }
}
