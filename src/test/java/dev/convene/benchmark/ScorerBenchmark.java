package dev.convene.benchmark;

import ai.onnxruntime.OrtException;
import dev.convene.onnx.OnnxRuntime;
import dev.convene.scorer.Prediction;
import dev.convene.scorer.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time of one row, from its raw values to its probabilities: the scorer and ONNX Runtime. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ScorerBenchmark {
  @Param({"SOFTMAX", "MLP", "TABLE"})
  ExportedModel model;

  private List<Row> row;
  private Map<String, Object> values;
  private Scorer scorer;
  private OnnxRuntime onnx;

  /** Models of random parameters take as long as others. */
  @Setup(Level.Trial)
  public void prepare() throws IOException, OrtException {
    byte[] bytes = model.bytes();
    Path file = Files.createTempFile("model", ".onnx");
    Files.write(file, bytes);
    scorer = Scorer.load(file);
    Files.delete(file);
    onnx = OnnxRuntime.onOneThread(bytes);
    row = List.of(model.row());
    values = new HashMap<>();
    for (String column : scorer.columns()) {
      Object value = row.get(0).getAs(column);
      values.put(column, value instanceof Vector vector ? vector.toArray() : value);
    }
  }

  @Benchmark
  public Prediction scorer() {
    return scorer.score(values);
  }

  @Benchmark
  public float[][] onnxRuntime() throws OrtException {
    return onnx.numbers("probabilities", row);
  }
}
