package dev.convene.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convene.ConveneException;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.ForwardPass;
import dev.convene.nn.Network;
import dev.convene.train.EpochRecord;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A network, its parameters and how it came to them: what both kinds of model have inside. */
@DefaultSerializer(JavaSerializer.class)
final class TrainedNetwork implements Serializable {
  private static final long serialVersionUID = 1;

  /** The fields of a vector as VectorUDT stores it. */
  private static final int TYPE = 0;

  private static final int SIZE = 1;
  private static final int INDICES = 2;
  private static final int VALUES = 3;

  /** The type of a sparse one. */
  private static final byte SPARSE = 0;

  private final Network network;
  private final float[] parameters;
  private final int workers;
  private final List<EpochRecord> history;

  private transient Broadcast<TrainedNetwork> sent;
  private transient String application;

  TrainedNetwork(Network network, float[] parameters, int workers, List<EpochRecord> history) {
    this.network = network;
    this.parameters = parameters;
    this.workers = workers;
    this.history = List.copyOf(history);
  }

  static TrainedNetwork trainedElsewhere(Network network, float[] parameters) {
    if (parameters.length != network.parameterCount()) {
      throw new IllegalArgumentException(
          "%s parameters for a network of %s"
              .formatted(parameters.length, network.parameterCount()));
    }
    return new TrainedNetwork(network, parameters.clone(), 0, List.of());
  }

  Network network() {
    return network;
  }

  float[] parameters() {
    return parameters;
  }

  /** The number of workers that trained it. */
  int workers() {
    return workers;
  }

  List<EpochRecord> history() {
    return history;
  }

  /** The outputs for one row. */
  double[] outputs(Vector features) {
    float[] x = new float[network.inputs()];
    copy(features, x, 0);
    float[] outputs = forwardPass(1).outputs(parameters, x, 1);
    double[] doubles = new double[network.outputs()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = outputs[i];
    }
    return doubles;
  }

  /** A pass for the calling thread. */
  ForwardPass forwardPass(int maxRows) {
    return network.forwardPass(maxRows, NativeBlas.load().blas());
  }

  /**
   * This network on the executors, sent once however often it is asked for. Spark removes it when
   * neither a model nor a DataFrame refers to it any more.
   */
  synchronized Broadcast<TrainedNetwork> sentBy(SparkContext spark) {
    if (!spark.applicationId().equals(application)) {
      application = spark.applicationId();
      // Not this, which refers to the broadcast: it would never become garbage.
      TrainedNetwork value = new TrainedNetwork(network, parameters, workers, history);
      sent = JavaSparkContext.fromSparkContext(spark).broadcast(value);
    }
    return sent;
  }

  /**
   * Refuses a schema whose column of features tells that it has another number of them.
   *
   * @throws ConveneException (data) if so, or if the name occurs twice
   */
  void requireInputs(StructType schema, String featuresCol) {
    List<StructField> columns =
        Arrays.stream(schema.fields()).filter(field -> field.name().equals(featuresCol)).toList();
    if (columns.size() > 1) {
      throw ConveneException.data(
          "%s columns are called %s: rename all but the model's features",
          columns.size(), featuresCol);
    }
    for (StructField column : columns) {
      int size = AttributeGroup.fromStructField(column).size();
      if (size >= 0 && size != network.inputs()) {
        throw ConveneException.data(
            "column %s has %s features, but the model was trained on %s",
            featuresCol, size, network.inputs());
      }
    }
  }

  /**
   * Copies a row's features to {@code x} from {@code at}.
   *
   * @throws ConveneException (data) if they are not as many as the network's inputs, or not finite
   */
  void copy(Vector features, float[] x, int at) {
    requireInputs(features.size());
    if (features instanceof SparseVector sparse) {
      Arrays.fill(x, at, at + sparse.size(), 0f);
      int[] indices = sparse.indices();
      double[] values = sparse.values();
      for (int i = 0; i < values.length; i++) {
        x[at + indices[i]] = finite(values[i], indices[i]);
      }
    } else {
      copyFinite(features.toArray(), x, at);
    }
  }

  /** Like {@link #copy(Vector, float[], int)} for a vector as {@link VectorUDT} stores it. */
  void copyStored(InternalRow features, float[] x, int at) {
    ArrayData values = features.getArray(VALUES);
    int n = values.numElements();
    if (features.getByte(TYPE) == SPARSE) {
      int size = features.getInt(SIZE);
      requireInputs(size);
      Arrays.fill(x, at, at + size, 0f);
      ArrayData indices = features.getArray(INDICES);
      for (int i = 0; i < n; i++) {
        int feature = indices.getInt(i);
        x[at + feature] = finite(values.getDouble(i), feature);
      }
    } else {
      requireInputs(n);
      copyFinite(values.toDoubleArray(), x, at);
    }
  }

  private void requireInputs(int features) {
    if (features != network.inputs()) {
      throw ConveneException.data(
          "a row has %s features, but the model was trained on %s", features, network.inputs());
    }
  }

  /** A loop without branches, which the JIT compiler turns into vector instructions. */
  private static void copyFinite(double[] values, float[] x, int at) {
    int signs = 0;
    for (int i = 0; i < values.length; i++) {
      float value = (float) values[i];
      x[at + i] = value;
      // Overflows into the sign where all bits of the exponent are set: infinity and NaN.
      signs |= (Float.floatToRawIntBits(value) & Integer.MAX_VALUE) + 0x0080_0000;
    }
    if (signs < 0) {
      for (int i = 0; i < values.length; i++) {
        finite(values[i], i);
      }
    }
  }

  private static float finite(double value, int feature) {
    float asFloat = (float) value;
    if (!Float.isFinite(asFloat)) {
      throw ConveneException.data(
          "feature %s of a row is %s, not a finite float32 number: fill or drop missing values"
              + " before",
          feature, value);
    }
    return asFloat;
  }
}
