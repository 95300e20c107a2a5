package dev.convene.ml;

import static org.apache.spark.sql.functions.col;

import dev.convene.ConveneException;
import dev.convene.data.ClassLabels;
import dev.convene.nn.ForwardPass;
import dev.convene.nn.Loss;
import dev.convene.nn.Predictions;
import dev.convene.report.ClassificationMetrics;
import dev.convene.report.RegressionErrors;
import dev.convene.report.RegressionMetrics;
import dev.convene.stats.ExactSum;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Scores labelled rows, block by block, where they are. */
final class Evaluation {
  private static final int BLOCK_ROWS = 256;
  private static final String LABEL = "label";

  private Evaluation() {}

  static ClassificationMetrics classification(
      TrainedNetwork trained, Dataset<?> rows, String what, String featuresCol, String labelCol) {
    int classes = trained.network().outputs();
    Dataset<Row> scored = scored(rows, featuresCol, labelCol);
    ClassLabels.requireWithin(scored, LABEL, classes, what);
    Broadcast<TrainedNetwork> network = broadcast(trained, rows);
    Confusion total =
        scored
            .toJavaRDD()
            .mapPartitions(
                partition -> {
                  Confusion part = new Confusion(classes);
                  score(network.value(), partition, what, part::add);
                  return List.of(part).iterator();
                })
            .reduce(Confusion::plus);
    network.destroy();
    return new ClassificationMetrics(total.counts, total.loss.doubleValue());
  }

  static RegressionMetrics regression(
      TrainedNetwork trained, Dataset<?> rows, String what, String featuresCol, String labelCol) {
    Dataset<Row> scored = scored(rows, featuresCol, labelCol);
    if (scored.isEmpty()) {
      throw ConveneException.data("%s has no rows", what);
    }
    Broadcast<TrainedNetwork> network = broadcast(trained, rows);
    RegressionErrors total =
        scored
            .toJavaRDD()
            .mapPartitions(
                partition -> {
                  RegressionErrors part = new RegressionErrors(1);
                  score(
                      network.value(),
                      partition,
                      what,
                      (outputs, labels, n) -> {
                        for (int i = 0; i < n; i++) {
                          part.add(new double[] {labels[i]}, new double[] {outputs[i]});
                        }
                      });
                  return List.of(part).iterator();
                })
            .reduce(
                (a, b) -> {
                  a.add(b);
                  return a;
                });
    network.destroy();
    return total.metrics();
  }

  /** Takes the outputs and labels of the first n rows of a block. */
  private interface BlockConsumer {
    void accept(float[] outputs, float[] labels, int n);
  }

  private static Broadcast<TrainedNetwork> broadcast(TrainedNetwork trained, Dataset<?> rows) {
    return JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()).broadcast(trained);
  }

  private static Dataset<Row> scored(Dataset<?> rows, String featuresCol, String labelCol) {
    return rows.select(
        col(featuresCol).as("features"), col(labelCol).cast(DataTypes.DoubleType).as(LABEL));
  }

  private static void score(
      TrainedNetwork trained, Iterator<Row> rows, String what, BlockConsumer consumer) {
    int inputs = trained.network().inputs();
    ForwardPass forward = trained.forwardPass(BLOCK_ROWS);
    float[] x = new float[BLOCK_ROWS * inputs];
    float[] labels = new float[BLOCK_ROWS];
    int n = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      if (row.anyNull()) {
        throw ConveneException.data("a row of %s lacks its features or its label", what);
      }
      trained.copy(row.getAs(0), x, n * inputs);
      labels[n++] = (float) row.getDouble(1);
      if (n == BLOCK_ROWS || !rows.hasNext()) {
        consumer.accept(forward.outputs(trained.parameters(), x, n), labels, n);
        n = 0;
      }
    }
  }

  /** Counts [label][prediction], and an exact sum of losses: in any order the same. */
  private static final class Confusion implements Serializable {
    private static final long serialVersionUID = 1;

    private final long[][] counts;
    private final ExactSum loss = new ExactSum();

    Confusion(int classes) {
      counts = new long[classes][classes];
    }

    void add(float[] outputs, float[] labels, int n) {
      int classes = counts.length;
      for (int i = 0; i < n; i++) {
        counts[(int) labels[i]][Predictions.predictedClass(outputs, i * classes, classes)]++;
      }
      loss.add(Loss.SOFTMAX_CROSS_ENTROPY.sum(outputs, labels, n, classes));
    }

    Confusion plus(Confusion other) {
      for (int label = 0; label < counts.length; label++) {
        for (int prediction = 0; prediction < counts.length; prediction++) {
          counts[label][prediction] += other.counts[label][prediction];
        }
      }
      loss.add(other.loss);
      return this;
    }
  }
}
