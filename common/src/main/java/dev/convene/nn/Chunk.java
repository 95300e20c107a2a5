package dev.convene.nn;

/**
 * Some units at once, and what an activation made of exponentials needs for them: together small
 * enough for the fastest cache. The arrays are for whoever has the chunk to use.
 */
final class Chunk {
  private static final int SIZE = 512;

  /** Weighted inputs. */
  final float[] z;

  /** Arguments of the exponential. */
  final float[] x;

  /** The activation's values. */
  final float[] values;

  /** Its derivatives by z. */
  final float[] derivatives;

  final Exponential exponential;

  private Chunk(int size) {
    z = new float[size];
    x = new float[size];
    values = new float[size];
    derivatives = new float[size];
    exponential = new Exponential(size);
  }

  /** Room for so many units, or for as many as make a chunk. */
  static Chunk of(int units) {
    return new Chunk(Math.min(units, SIZE));
  }

  int size() {
    return z.length;
  }
}
