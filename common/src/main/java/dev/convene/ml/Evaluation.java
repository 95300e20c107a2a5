package dev.convene.ml;

import static dev.convene.data.ColumnNames.column;
import static org.apache.spark.sql.functions.col;

import dev.convene.ConveneException;
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
   * @param name the rows', for messages
   */
  static ClassificationMetrics classification(
      TrainedNetwork trained,
      Thresholds thresholds,
      Dataset<?> rows,
      String name,
      String featuresCol,
      String labelCol) {
    int classes = trained.network().outputs();
    Dataset<Row> labelled = labelled(rows, featuresCol, labelCol);
    requireRows(labelled, name);
    Dataset<Row> checked =
        labelled.withColumn(LABEL, LabelChecks.within(col(LABEL), classes, name));
    JavaRDD<LabelledOutputs> blocks = scored(trained, checked, name);
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
                  ScoreCurves.areas(
                      rows.sparkSession(), blocks.flatMap(LabelledOutputs::curveRows)))
              : Optional.empty();
      return total.metrics(areas);
    } finally {
      blocks.unpersist(false);
    }
  }

  /**
   * @param name the rows', for messages
   */
  static RegressionMetrics regression(
      TrainedNetwork trained, Dataset<?> rows, String name, String featuresCol, String labelCol) {
    OutputNames.requireSame(trained.outputNames(), rows.schema().apply(labelCol), name);
    Dataset<Row> labelled = labelled(rows, featuresCol, labelCol);
    requireRows(labelled, name);
    int outputs = trained.network().outputs();
    return scored(trained, labelled, name)
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

  private static void requireRows(Dataset<Row> labelled, String name) {
    if (labelled.isEmpty()) {
      throw ConveneException.data("%s has no rows", name);
    }
  }

  /** Columns features and {@link #LABEL}: a double, or the Vector it was. */
  static Dataset<Row> labelled(Dataset<?> rows, String featuresCol, String labelCol) {
    boolean vector = rows.schema().apply(labelCol).dataType().equals(SQLDataTypes.VectorType());
    Column label = vector ? column(labelCol) : column(labelCol).cast(DataTypes.DoubleType);
    return rows.select(
        FeatureVectors.of(rows.schema().apply(featuresCol)).as("features"), label.as(LABEL));
  }

  private static JavaRDD<LabelledOutputs> scored(
      TrainedNetwork trained, Dataset<Row> labelled, String name) {
    Broadcast<TrainedNetwork> network = trained.sentBy(labelled.sparkSession().sparkContext());
    return labelled
        .toJavaRDD()
        .mapPartitions(partition -> new LabelledBlocks(network.value(), partition, name));
  }

  /** Scores a partition's rows of features and label. */
  private static final class LabelledBlocks implements Iterator<LabelledOutputs> {
    private final Iterator<Row> rows;
    private final String name;
    private final int labelsPerRow;
    private final BlockScorer scorer;

    LabelledBlocks(TrainedNetwork trained, Iterator<Row> rows, String name) {
      this.rows = rows;
      this.name = name;
      this.labelsPerRow = trained.network().targetsPerRow();
      this.scorer = trained.scorer();
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public LabelledOutputs next() {
      FeatureBlock block = scorer.features();
      block.clear();
      double[] labels = new double[block.capacity() * labelsPerRow];
      while (!block.isFull() && rows.hasNext()) {
        Row row = rows.next();
        if (row.anyNull()) {
          throw ConveneException.data("a row of %s lacks its features or its label", name);
        }
        block.add(row.getAs(0));
        copyLabels(row, labels, (block.rows() - 1) * labelsPerRow);
      }
      return new LabelledOutputs(
          scorer.score().copy(), Arrays.copyOf(labels, block.rows() * labelsPerRow));
    }

    private void copyLabels(Row row, double[] labels, int at) {
      double[] ofRow =
          row.get(1) instanceof Vector vector ? vector.toArray() : new double[] {row.getDouble(1)};
      if (ofRow.length != labelsPerRow) {
        throw ConveneException.data(
            "a row of %s has %s labels, but the model has %s outputs",
            name, ofRow.length, labelsPerRow);
      }
      for (int i = 0; i < labelsPerRow; i++) {
        if (!Double.isFinite(ofRow[i])) {
          throw ConveneException.data(
              "a label of %s is %s: labels are finite numbers", name, ofRow[i]);
        }
        labels[at + i] = ofRow[i];
      }
    }
  }
}
