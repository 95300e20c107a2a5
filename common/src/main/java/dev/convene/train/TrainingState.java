package dev.convene.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What training hands from round to round: the parameters and what the optimizer remembers. The
 * arrays may be shared with other tasks of the JVM: whoever trains on copies them first.
 */
@DefaultSerializer(JavaSerializer.class)
public final class TrainingState implements Serializable {
  private transient float[] parameters;
  private transient float[][] optimizerStates;

  /**
   * @param parameters flat, see {@link dev.convene.nn.Network}
   * @param optimizerStates each as long as the parameters
   */
  public TrainingState(float[] parameters, float[][] optimizerStates) {
    this.parameters = parameters;
    this.optimizerStates = optimizerStates;
  }

  /** The start of a training with an optimizer that remembers so many arrays. */
  public static TrainingState initial(float[] parameters, int stateCount) {
    return new TrainingState(parameters, new float[stateCount][parameters.length]);
  }

  public float[] parameters() {
    return parameters;
  }

  public float[][] optimizerStates() {
    return optimizerStates;
  }

  /** No parameter is infinite or not a number. */
  boolean hasFiniteParameters() {
    // What is not finite is NaN times 0, and stays it.
    float poison = 0;
    for (float parameter : parameters) {
      poison += parameter * 0f;
    }
    return poison == 0;
  }

  TrainingState copy() {
    float[][] states = new float[optimizerStates.length][];
    for (int i = 0; i < states.length; i++) {
      states[i] = optimizerStates[i].clone();
    }
    return new TrainingState(parameters.clone(), states);
  }

  // A state travels twice a round. Java writes a float[] number by number; as bytes it is copied.

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.writeInt(parameters.length);
    out.writeInt(optimizerStates.length);
    byte[] bytes = new byte[parameters.length * Float.BYTES];
    write(parameters, bytes, out);
    for (float[] state : optimizerStates) {
      write(state, bytes, out);
    }
  }

  private void readObject(ObjectInputStream in) throws IOException {
    int length = in.readInt();
    optimizerStates = new float[in.readInt()][];
    byte[] bytes = new byte[length * Float.BYTES];
    parameters = read(bytes, in);
    for (int i = 0; i < optimizerStates.length; i++) {
      optimizerStates[i] = read(bytes, in);
    }
  }

  private static void write(float[] values, byte[] bytes, ObjectOutputStream out)
      throws IOException {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    out.write(bytes);
  }

  private static float[] read(byte[] bytes, ObjectInputStream in) throws IOException {
    in.readFully(bytes);
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
