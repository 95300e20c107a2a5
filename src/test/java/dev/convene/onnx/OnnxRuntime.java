package dev.convene.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/** A graph in ONNX Runtime, which scores rows that have columns of the inputs' names. */
public final class OnnxRuntime implements AutoCloseable {
  private final OrtSession session;

  public OnnxRuntime(byte[] model) throws OrtException {
    this(OrtEnvironment.getEnvironment().createSession(model));
  }

  private OnnxRuntime(OrtSession session) {
    this.session = session;
  }

  /** One that computes in the calling thread. */
  public static OnnxRuntime onOneThread(byte[] model) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return new OnnxRuntime(OrtEnvironment.getEnvironment().createSession(model, options));
    }
  }

  /** Type and shape of every input, such as FLOAT [-1, 1]. */
  public Map<String, String> inputs() throws OrtException {
    Map<String, String> inputs = new HashMap<>();
    for (NodeInfo input : session.getInputInfo().values()) {
      TensorInfo info = (TensorInfo) input.getInfo();
      inputs.put(
          input.getName(), info.type + " " + List.of(info.getShape()[0], info.getShape()[1]));
    }
    return inputs;
  }

  /** An output of numbers, row by row. */
  public float[][] numbers(String output, List<Row> rows) throws OrtException {
    return (float[][]) value(output, rows);
  }

  /** An output of texts. */
  public List<String> texts(String output, List<Row> rows) throws OrtException {
    return List.of((String[]) value(output, rows));
  }

  private Object value(String output, List<Row> rows) throws OrtException {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (NodeInfo input : session.getInputInfo().values()) {
        tensors.put(input.getName(), tensor(input, rows));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        return result.get(output).orElseThrow().getValue();
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(NodeInfo input, List<Row> rows) throws OrtException {
    TensorInfo info = (TensorInfo) input.getInfo();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    if (info.type == OnnxJavaType.STRING) {
      String[][] texts = new String[rows.size()][1];
      for (int r = 0; r < texts.length; r++) {
        Object value = rows.get(r).getAs(input.getName());
        texts[r][0] = value == null ? "" : value.toString();
      }
      return OnnxTensor.createTensor(environment, texts);
    }
    float[][] numbers = new float[rows.size()][];
    for (int r = 0; r < numbers.length; r++) {
      numbers[r] = numbers(rows.get(r).getAs(input.getName()));
    }
    return OnnxTensor.createTensor(environment, numbers);
  }

  private static float[] numbers(Object value) {
    if (value instanceof Vector vector) {
      double[] doubles = vector.toArray();
      float[] numbers = new float[doubles.length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) doubles[i];
      }
      return numbers;
    } else if (value instanceof Boolean flag) {
      return new float[] {flag ? 1 : 0};
    }
    return new float[] {value == null ? Float.NaN : ((Number) value).floatValue()};
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
