package dev.convene.ml;

import static dev.convene.data.ColumnNames.column;
import static org.apache.spark.sql.functions.col;

import dev.convene.ConveneException;
import dev.convene.report.AreasUnderCurves;
import dev.convene.report.ClassificationTally;
import dev.convene.report.Evaluated;
import dev.convene.report.EvaluationSample;
import dev.convene.report.RegressionErrors;
import java.util.ArrayList;
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
import scala.Tuple2;

/** Scores labelled rows, block by block, where they are. */
final class Evaluation {
  static final String LABEL = "label";

  private Evaluation() {}

  /**
   * @param name the rows', for messages
   */
  static Evaluated classification(
      TrainedNetwork trained,
      Thresholds thresholds,
      Dataset<?> rows,
      String name,
      String featuresCol,
      String labelCol,
      SampledColumns sampled) {
    int classes = trained.network().outputs();
    Dataset<Row> labelled = labelled(rows, featuresCol, labelCol, sampled);
    requireRows(labelled, name);
    Dataset<Row> checked =
        labelled.withColumn(LABEL, LabelChecks.within(col(LABEL), classes, name));
    JavaRDD<LabelledOutputs> blocks =
        scored(trained, checked, name, new RowSampling(sampled, thresholds, classes));
    boolean binary = classes == 2;
    if (binary) {
      // The curves are a second use of them.
      blocks.persist(StorageLevel.MEMORY_AND_DISK());
    }
    try {
      Tuple2<ClassificationTally, EvaluationSample> total =
          blocks
              .mapPartitions(
                  partition -> {
                    ClassificationTally part = new ClassificationTally(classes);
                    EvaluationSample sample = sampled.emptySample(classes);
                    partition.forEachRemaining(
                        block -> {
                          block.addTo(part, thresholds);
                          block.addTo(sample);
                        });
                    return List.of(new Tuple2<>(part, sample)).iterator();
                  })
              .treeReduce(
                  (a, b) -> {
                    a._1().add(b._1());
                    a._2().add(b._2());
                    return a;
                  });
      Optional<AreasUnderCurves> areas =
          binary
              ? Optional.of(
                  ScoreCurves.areas(
                      rows.sparkSession(), blocks.flatMap(LabelledOutputs::curveRows)))
              : Optional.empty();
      return new Evaluated(total._1().metrics(areas), total._2());
    } finally {
      blocks.unpersist(false);
    }
  }

  /**
   * @param name the rows', for messages
   */
  static Evaluated regression(
      TrainedNetwork trained,
      Dataset<?> rows,
      String name,
      String featuresCol,
      String labelCol,
      SampledColumns sampled) {
    OutputNames.requireSame(trained.outputNames(), rows.schema().apply(labelCol), name);
    Dataset<Row> labelled = labelled(rows, featuresCol, labelCol, sampled);
    requireRows(labelled, name);
    int outputs = trained.network().outputs();
    Tuple2<RegressionErrors, EvaluationSample> total =
        scored(trained, labelled, name, new RowSampling(sampled, Thresholds.NONE, 0))
            .mapPartitions(
                partition -> {
                  RegressionErrors part = new RegressionErrors(outputs);
                  EvaluationSample sample = sampled.emptySample(0);
                  partition.forEachRemaining(
                      block -> {
                        block.addTo(part);
                        block.addTo(sample);
                      });
                  return List.of(new Tuple2<>(part, sample)).iterator();
                })
            .treeReduce(
                (a, b) -> {
                  a._1().add(b._1());
                  a._2().add(b._2());
                  return a;
                });
    return new Evaluated(total._1().metrics(), total._2());
  }

  private static void requireRows(Dataset<Row> labelled, String name) {
    if (labelled.isEmpty()) {
      throw ConveneException.data("%s has no rows", name);
    }
  }

  /** Columns features and {@link #LABEL}: a double, or the Vector it was. */
  static Dataset<Row> labelled(Dataset<?> rows, String featuresCol, String labelCol) {
    return labelled(rows, featuresCol, labelCol, SampledColumns.NONE);
  }

  /** The same and after them the sampled columns, whose names mean nothing. */
  private static Dataset<Row> labelled(
      Dataset<?> rows, String featuresCol, String labelCol, SampledColumns sampled) {
    boolean vector = rows.schema().apply(labelCol).dataType().equals(SQLDataTypes.VectorType());
    Column label = vector ? column(labelCol) : column(labelCol).cast(DataTypes.DoubleType);
    List<Column> selected = new ArrayList<>();
    selected.add(FeatureVectors.of(rows.schema().apply(featuresCol)).as("features"));
    selected.add(label.as(LABEL));
    for (Column column : sampled.columns(rows.schema())) {
      selected.add(column.as("sampled" + selected.size()));
    }
    return rows.toDF().select(selected.toArray(Column[]::new));
  }

  private static JavaRDD<LabelledOutputs> scored(
      TrainedNetwork trained, Dataset<Row> labelled, String name, RowSampling sampling) {
    Broadcast<TrainedNetwork> network = trained.sentBy(labelled.sparkSession().sparkContext());
    return labelled
        .toJavaRDD()
        .mapPartitions(partition -> new LabelledBlocks(network.value(), partition, name, sampling));
  }

  /** Scores a partition's rows of features, label and what is sampled: the last block has that. */
  private static final class LabelledBlocks implements Iterator<LabelledOutputs> {
    private final Iterator<Row> rows;
    private final String name;
    private final int labelsPerRow;
    private final BlockScorer scorer;
    private final RowSampling sampling;
    private final EvaluationSample sample;

    LabelledBlocks(TrainedNetwork trained, Iterator<Row> rows, String name, RowSampling sampling) {
      this.sampling = sampling;
      this.sample = sampling.empty();
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
      List<Row> sources = new ArrayList<>();
      while (!block.isFull() && rows.hasNext()) {
        Row row = rows.next();
        if (row.isNullAt(0) || row.isNullAt(1)) {
          throw ConveneException.data("a row of %s lacks its features or its label", name);
        }
        block.add(row.getAs(0));
        copyLabels(row, labels, (block.rows() - 1) * labelsPerRow);
        sources.add(row);
      }
      BlockOutputs outputs = scorer.score().copy();
      double[] ofRows = Arrays.copyOf(labels, block.rows() * labelsPerRow);
      sampling.offer(sources, ofRows, outputs, sample);
      return new LabelledOutputs(outputs, ofRows, rows.hasNext() ? null : sample);
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
