package dev.convene.train;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A state as one long row of float32 numbers - its parameters, then what the optimizer remembers -
 * that is cut into slices of nearly the same length.
 *
 * @param parameters of the state
 * @param optimizerStates arrays that the optimizer remembers
 * @param count of slices
 */
record StateSlices(int parameters, int optimizerStates, int count) implements Serializable {

  /** Numbers of a whole state. */
  private long numbers() {
    return (1L + optimizerStates) * parameters;
  }

  private long start(int slice) {
    return numbers() * slice / count;
  }

  int length(int slice) {
    return Math.toIntExact(start(slice + 1) - start(slice));
  }

  /** Writes a state's slice as little-endian bytes. */
  void put(TrainingState state, int slice, ByteBuffer to) {
    to.order(ByteOrder.LITTLE_ENDIAN);
    long end = start(slice + 1);
    for (long at = start(slice); at < end; ) {
      int from = (int) (at % parameters);
      int length = (int) Math.min(parameters - from, end - at);
      to.asFloatBuffer().put(array(state, at), from, length);
      to.position(to.position() + length * Float.BYTES);
      at += length;
    }
  }

  private float[] array(TrainingState state, long at) {
    int array = (int) (at / parameters);
    return array == 0 ? state.parameters() : state.optimizerStates()[array - 1];
  }

  /** The numbers of a slice that was written; the buffer's position moves to their end. */
  float[] get(int slice, ByteBuffer from) {
    from.order(ByteOrder.LITTLE_ENDIAN);
    float[] numbers = new float[length(slice)];
    from.asFloatBuffer().get(numbers);
    from.position(from.position() + numbers.length * Float.BYTES);
    return numbers;
  }

  /** The state of all its slices in their order. */
  TrainingState join(List<ByteBuffer> slices) {
    TrainingState state = TrainingState.initial(new float[parameters], optimizerStates);
    long at = 0;
    for (ByteBuffer slice : slices) {
      slice.order(ByteOrder.LITTLE_ENDIAN);
      while (slice.hasRemaining()) {
        int to = (int) (at % parameters);
        int length = Math.min(parameters - to, slice.remaining() / Float.BYTES);
        slice.asFloatBuffer().get(array(state, at), to, length);
        slice.position(slice.position() + length * Float.BYTES);
        at += length;
      }
    }
    return state;
  }
}
