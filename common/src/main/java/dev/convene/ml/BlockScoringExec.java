package dev.convene.ml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.StructType;
import scala.collection.IndexedSeq;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Adds columns that a network computes, block by block: one row out for each row in, in order, with
 * all its columns.
 *
 * <p>Unstable API of Spark's, and public for Spark alone, which copies it by its constructor.
 */
public final class BlockScoringExec extends SparkPlan {
  private static final long serialVersionUID = 1;

  private final Expression features;
  private final Scoring scoring;
  private final List<Integer> indices;
  private final Seq<Attribute> scores;
  private final SparkPlan child;

  /**
   * @param features the column of vectors among the child's
   * @param scoring a {@link Scoring}
   * @param indices of the columns that are computed
   * @param scores these columns
   */
  public BlockScoringExec(
      Expression features,
      Object scoring,
      List<Integer> indices,
      Seq<Attribute> scores,
      SparkPlan child) {
    this.features = features;
    this.scoring = (Scoring) scoring;
    this.indices = indices;
    this.scores = scores;
    this.child = child;
  }

  @Override
  public RDD<InternalRow> doExecute() {
    Scoring sent = scoring;
    List<OutputColumn> columns = indices.stream().map(scoring::column).toList();
    StructType schema = child.schema();
    int ordinal = ordinalOfFeatures();
    FlatMapFunction<Iterator<InternalRow>, InternalRow> score =
        rows -> new ScoredRows(sent, rows, schema, ordinal, columns);
    return child.execute().toJavaRDD().mapPartitions(score, true).rdd();
  }

  private int ordinalOfFeatures() {
    List<Attribute> columns = JavaConverters.seqAsJavaList(child.output());
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).semanticEquals(features)) {
        return i;
      }
    }
    throw new IllegalStateException(features + " is none of " + columns);
  }

  @Override
  public Seq<Attribute> output() {
    List<Attribute> output = new ArrayList<>(JavaConverters.seqAsJavaList(child.output()));
    output.addAll(JavaConverters.seqAsJavaList(scores));
    return JavaConverters.asScalaBuffer(output).toList();
  }

  @Override
  public AttributeSet producedAttributes() {
    List<Expression> produced = new ArrayList<>(JavaConverters.seqAsJavaList(scores));
    return AttributeSet.apply(JavaConverters.asScalaBuffer(produced));
  }

  @Override
  public Partitioning outputPartitioning() {
    return child.outputPartitioning();
  }

  @Override
  public Seq<SortOrder> outputOrdering() {
    return child.outputOrdering();
  }

  @Override
  public Seq<SparkPlan> children() {
    return JavaConverters.asScalaBuffer(List.of(child)).toList();
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> children) {
    return new BlockScoringExec(features, scoring, indices, scores, children.head());
  }

  @Override
  public int productArity() {
    return 5;
  }

  @Override
  public Object productElement(int i) {
    return Arrays.asList(features, scoring, indices, scores, child).get(i);
  }

  // As a case class of Scala has it: Spark reuses what is equal.
  @Override
  public boolean equals(Object other) {
    return other instanceof BlockScoringExec exec
        && productIterator().sameElements(exec.productIterator());
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof BlockScoringExec;
  }
}
