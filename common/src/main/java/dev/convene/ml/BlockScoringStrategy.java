package dev.convene.ml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.types.Metadata;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Plans a projection with {@link ScoredColumn}s as one that takes them from a {@link
 * BlockScoringExec} below, as Spark does with functions in Python.
 */
final class BlockScoringStrategy extends SparkStrategy {
  private static final long serialVersionUID = 1;

  /** Adds it to a session's strategies, unless it is there. */
  static void addTo(SparkSession session) {
    ExperimentalMethods methods = session.experimental();
    synchronized (methods) {
      List<SparkStrategy> strategies =
          new ArrayList<>(JavaConverters.seqAsJavaList(methods.extraStrategies()));
      if (strategies.stream().noneMatch(BlockScoringStrategy.class::isInstance)) {
        strategies.add(new BlockScoringStrategy());
        methods.extraStrategies_$eq(seq(strategies));
      }
    }
  }

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    return plan instanceof Project project
        ? seq(planned(project).stream().toList())
        : seq(List.of());
  }

  /** Empty if nothing is scored there. */
  private Optional<SparkPlan> planned(Project project) {
    List<NamedExpression> columns = JavaConverters.seqAsJavaList(project.projectList());
    List<ScoredColumn> scored = new ArrayList<>();
    List<Attribute> scores = new ArrayList<>();
    List<NamedExpression> taken = new ArrayList<>();
    for (NamedExpression column : columns) {
      Optional<ScoredColumn> first = scored.stream().findFirst();
      Optional<ScoredColumn> here =
          scoredColumn(column).filter(it -> first.isEmpty() || it.scoresAs(first.get()));
      here.ifPresent(
          it -> {
            scored.add(it);
            scores.add(attribute(column.name(), it));
          });
      taken.add(here.isEmpty() ? column : withChild(column, scores.get(scores.size() - 1)));
    }
    if (scored.isEmpty()) {
      return Optional.empty();
    }
    Expression features = scored.get(0).features();
    LogicalPlan child = project.child();
    if (!(features instanceof Attribute)) {
      Alias computed =
          new Alias(
              features,
              "features",
              NamedExpression.newExprId(),
              seq(List.of()),
              Option.empty(),
              seq(List.of()));
      List<NamedExpression> withFeatures =
          new ArrayList<>(JavaConverters.seqAsJavaList(child.output()));
      withFeatures.add(computed);
      child = new Project(seq(withFeatures), child);
      features = computed.toAttribute();
    }
    BlockScoringExec scoring =
        new BlockScoringExec(
            features,
            scored.get(0).scoring(),
            scored.stream().map(ScoredColumn::index).toList(),
            seq(scores),
            planLater(child));
    return Optional.of(new ProjectExec(seq(taken), scoring));
  }

  private static Optional<ScoredColumn> scoredColumn(NamedExpression column) {
    return column instanceof Alias alias && alias.child() instanceof ScoredColumn scored
        ? Optional.of(scored)
        : Optional.empty();
  }

  private static Attribute attribute(String name, ScoredColumn scored) {
    return new AttributeReference(
        name,
        scored.dataType(),
        false,
        Metadata.empty(),
        NamedExpression.newExprId(),
        seq(List.of()));
  }

  /** The same column, identity included, of another expression. */
  private static NamedExpression withChild(NamedExpression column, Expression child) {
    Alias alias = (Alias) column;
    return new Alias(
        child,
        alias.name(),
        alias.exprId(),
        alias.qualifier(),
        alias.explicitMetadata(),
        alias.nonInheritableMetadataKeys());
  }

  private static <T> Seq<T> seq(List<T> elements) {
    return JavaConverters.asScalaBuffer(elements).toList();
  }
}
