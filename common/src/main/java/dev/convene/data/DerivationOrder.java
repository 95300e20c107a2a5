package dev.convene.data;

import static scala.collection.JavaConverters.seqAsJavaList;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.analysis.Star;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;

/**
 * Puts derived columns into steps, each of columns that are computed at once: as few as there can
 * be, since Spark plans every step anew.
 */
final class DerivationOrder {
  /** Where among the derived columns each name stands, in lower case. */
  private final Map<String, Integer> places = new LinkedHashMap<>();

  /** The names that each column's expression mentions, in lower case; empty if it may be any. */
  private final List<Optional<Set<String>>> mentioned = new ArrayList<>();

  private final Set<String> replaceable = new HashSet<>();

  /**
   * @param existing the columns that there are without the derived ones
   */
  DerivationOrder(Collection<String> existing) {
    existing.forEach(name -> replaceable.add(name.toLowerCase(Locale.ROOT)));
  }

  void add(String name, Column expression) {
    Set<String> names = new HashSet<>();
    boolean mentionsAll = mentions(expression.expr(), names);
    places.put(name.toLowerCase(Locale.ROOT), mentioned.size());
    mentioned.add(mentionsAll ? Optional.empty() : Optional.of(names));
  }

  /** Collects names; returns whether the expression may mention any others, too. */
  private static boolean mentions(Expression expression, Set<String> names) {
    boolean all = expression instanceof Star || expression instanceof PlanExpression;
    if (expression instanceof UnresolvedAttribute attribute) {
      names.add(attribute.nameParts().head().toLowerCase(Locale.ROOT));
    }
    for (Expression child : seqAsJavaList(expression.children())) {
      all |= mentions(child, names);
    }
    return all;
  }

  /**
   * The step of each column, from 0. A column comes after those that it uses: new ones wherever
   * they stand in the order of the columns, and those that replace an existing column if they stand
   * before it; of a later one it uses the column that is replaced.
   */
  int[] steps() {
    int[] steps = new int[mentioned.size()];
    boolean changed = true;
    // Columns that use one another in a circle never come to rest; Spark refuses them.
    for (int round = 0; changed && round <= steps.length; round++) {
      changed = false;
      for (int i = 0; i < steps.length; i++) {
        for (String name : mentioned.get(i).orElse(places.keySet())) {
          Integer used = places.get(name);
          if (used != null && used != i) {
            boolean isReplacedLater = used > i && replaceable.contains(name);
            int after = isReplacedLater ? used : i;
            int least = isReplacedLater ? steps[i] : steps[used] + 1;
            changed |= steps[after] < least;
            steps[after] = Math.max(steps[after], least);
          }
        }
      }
    }
    return steps;
  }
}
