package dev.convene.ml;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import scala.collection.IndexedSeq;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * A column that a network computes from a row's features, to Spark an expression like any other: a
 * projection that has it keeps all else as it is. Where {@link BlockScoringStrategy} plans the
 * query, rows are scored in blocks; elsewhere, as for a global view in another session, one by one.
 *
 * <p>Unstable API of Spark's, and public for Spark alone.
 */
public final class ScoredColumn extends Expression implements CodegenFallback, Serializable {
  private static final long serialVersionUID = 1;

  private final Expression features;
  private final Scoring scoring;
  private final int index;
  private final DataType type;
  private transient BlockScorer scorer;

  /**
   * @param features a vector
   * @param index of the column among those that the network computes
   */
  ScoredColumn(Expression features, Scoring scoring, int index, DataType type) {
    this.features = features;
    this.scoring = scoring;
    this.index = index;
    this.type = type;
  }

  Expression features() {
    return features;
  }

  Scoring scoring() {
    return scoring;
  }

  int index() {
    return index;
  }

  /** Whether both come from one pass of the same network over the same features. */
  boolean scoresAs(ScoredColumn other) {
    return scoring == other.scoring && features.semanticEquals(other.features);
  }

  @Override
  public Object eval(InternalRow row) {
    if (scorer == null) {
      scorer = scoring.rowScorer();
    }
    scorer.features().clear();
    scoring.add((InternalRow) features.eval(row), scorer.features());
    return scoring.column(index).value(scorer.score().ofRow(0));
  }

  /** False, so that Spark's optimizer leaves it in the projection where it is computed once. */
  @Override
  public boolean deterministic() {
    return false;
  }

  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public DataType dataType() {
    return type;
  }

  @Override
  public Seq<Expression> children() {
    return JavaConverters.asScalaBuffer(List.of(features)).toList();
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
    return new ScoredColumn(children.head(), scoring, index, type);
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }

  @Override
  public int productArity() {
    return 4;
  }

  @Override
  public Object productElement(int i) {
    return List.of(features, scoring, index, type).get(i);
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof ScoredColumn;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoredColumn that
        && features.equals(that.features)
        && scoring == that.scoring
        && index == that.index;
  }

  @Override
  public int hashCode() {
    return Objects.hash(features, index);
  }
}
