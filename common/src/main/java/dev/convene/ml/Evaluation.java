package dev.convene.ml;

import static org.apache.spark.sql.functions.col;

import dev.convene.ConveneException;
import dev.convene.nn.ForwardPass;
import dev.convene.report.AreasUnderCurves;
import dev.convene.report.ClassificationMetrics;
import dev.convene.report.ClassificationTally;
import dev.convene.report.RegressionErrors;
import dev.convene.report.RegressionMetrics;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/** Scores labelled rows, block by block, where they are. */
final class Evaluation {
  static final String LABEL = "label";

  private Evaluation() {}

  /**
   * @param thresholds by class; may be null
   */
  static ClassificationMetrics classification(
      TrainedNetwork trained,
      double[] thresholds,
      Dataset<?> rows,
      String what,
      String featuresCol,
      String labelCol) {
    int classes = trained.network().outputs();
    Dataset<Row> labelled = labelled(rows, featuresCol, labelCol);
    requireRows(labelled, what);
    Dataset<Row> checked =
        labelled.withColumn(LABEL, LabelChecks.within(col(LABEL), classes, what));
    JavaRDD<ScoredBlock> blocks = scored(trained, checked, what);
    boolean binary = classes == 2;
    if (binary) {
      // The curves are a second use of them.
      blocks.persist(StorageLevel.MEMORY_AND_DISK());
    }
    try {
      ClassificationTally total =
          blocks
              .mapPartitions(
                  partition -> {
                    ClassificationTally part = new ClassificationTally(classes);
                    partition.forEachRemaining(block -> block.addTo(part, thresholds));
                    return List.of(part).iterator();
                  })
              .reduce(
                  (a, b) -> {
                    a.add(b);
                    return a;
                  });
      Optional<AreasUnderCurves> areas =
          binary
              ? Optional.of(
                  ScoreCurves.areas(rows.sparkSession(), blocks.flatMap(ScoredBlock::curveRows)))
              : Optional.empty();
      return total.metrics(areas);
    } finally {
      blocks.unpersist(false);
    }
  }

  static RegressionMetrics regression(
      TrainedNetwork trained, Dataset<?> rows, String what, String featuresCol, String labelCol) {
    Dataset<Row> labelled = labelled(rows, featuresCol, labelCol);
    requireRows(labelled, what);
    int outputs = trained.network().outputs();
    return scored(trained, labelled, what)
        .mapPartitions(
            partition -> {
              RegressionErrors part = new RegressionErrors(outputs);
              partition.forEachRemaining(block -> block.addTo(part));
              return List.of(part).iterator();
            })
        .reduce(
            (a, b) -> {
              a.add(b);
              return a;
            })
        .metrics();
  }

  private static void requireRows(Dataset<Row> labelled, String what) {
    if (labelled.isEmpty()) {
      throw ConveneException.data("%s has no rows", what);
    }
  }

  /** Columns features and {@link #LABEL}: a double, or the Vector it was. */
  static Dataset<Row> labelled(Dataset<?> rows, String featuresCol, String labelCol) {
    boolean vector = rows.schema().apply(labelCol).dataType().equals(SQLDataTypes.VectorType());
    Column label = vector ? col(labelCol) : col(labelCol).cast(DataTypes.DoubleType);
    return rows.select(col(featuresCol).as("features"), label.as(LABEL));
  }

  private static JavaRDD<ScoredBlock> scored(
      TrainedNetwork trained, Dataset<Row> labelled, String what) {
    Broadcast<TrainedNetwork> network = trained.sentBy(labelled.sparkSession().sparkContext());
    return labelled
        .toJavaRDD()
        .mapPartitions(partition -> new Scorer(network.value(), partition, what));
  }

  /** Turns a partition's rows of features and label into scored blocks. */
  private static final class Scorer implements Iterator<ScoredBlock> {
    private static final int MAX_ROWS = 256;
    private static final int MAX_FLOATS = 1 << 20;

    private final TrainedNetwork trained;
    private final Iterator<Row> rows;
    private final String what;
    private final int blockRows;
    private final ForwardPass forward;
    private final float[] x;

    Scorer(TrainedNetwork trained, Iterator<Row> rows, String what) {
      this.trained = trained;
      this.rows = rows;
      this.what = what;
      this.blockRows = Math.max(1, Math.min(MAX_ROWS, MAX_FLOATS / trained.network().inputs()));
      this.forward = trained.forwardPass(blockRows);
      this.x = new float[blockRows * trained.network().inputs()];
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public ScoredBlock next() {
      int labelsPerRow = trained.network().targetsPerRow();
      double[] labels = new double[blockRows * labelsPerRow];
      int n = 0;
      while (n < blockRows && rows.hasNext()) {
        Row row = rows.next();
        if (row.anyNull()) {
          throw ConveneException.data("a row of %s lacks its features or its label", what);
        }
        trained.copy(row.getAs(0), x, n * trained.network().inputs());
        copyLabels(row, labels, n * labelsPerRow, labelsPerRow);
        n++;
      }
      float[] outputs = forward.outputs(trained.parameters(), x, n);
      return new ScoredBlock(
          Arrays.copyOf(outputs, n * trained.network().outputs()),
          Arrays.copyOf(labels, n * labelsPerRow),
          trained.network().outputs());
    }

    private void copyLabels(Row row, double[] labels, int at, int count) {
      double[] ofRow =
          row.get(1) instanceof Vector vector ? vector.toArray() : new double[] {row.getDouble(1)};
      if (ofRow.length != count) {
        throw ConveneException.data(
            "a row of %s has %s labels, but the model has %s outputs", what, ofRow.length, count);
      }
      for (int i = 0; i < count; i++) {
        if (!Double.isFinite(ofRow[i])) {
          throw ConveneException.data(
              "a label of %s is %s: labels are finite numbers", what, ofRow[i]);
        }
        labels[at + i] = ofRow[i];
      }
    }
  }
}
