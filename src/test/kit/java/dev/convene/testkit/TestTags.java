package dev.convene.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;

/**
 * A test class has the tag {@code spark} if it or a class of the tests below it sees a Spark
 * session, {@code process} if it sees a process, and neither otherwise: so {@code
 * -DexcludedGroups=spark,process} leaves the tests that take milliseconds, and all of them. {@code
 * cluster} have the integration tests of the package {@code cluster}, which take minutes: they run
 * with {@code -Pcluster} and {@code -Pyarn}.
 */
public final class TestTags {
  private static final String TESTS = "/test-classes/";

  @ArchTest
  static final ArchRule SPARK_IS_WHAT_STARTS_A_SESSION =
      haveTheTag(
          "spark",
          LocalSpark.class,
          SparkSession.class,
          SparkContext.class,
          JavaSparkContext.class);

  @ArchTest
  static final ArchRule PROCESS_IS_WHAT_STARTS_ONE =
      haveTheTag("process", JavaProcess.class, ProcessBuilder.class);

  @ArchTest
  static final ArchRule CLUSTER_IS_WHAT_THE_PROFILE_RUNS =
      haveTheTag("cluster", "are its package's integration tests", TestTags::isOfAClusterAndAnIT);

  private TestTags() {}

  private static boolean isOfAClusterAndAnIT(JavaClass test) {
    return test.getPackageName().endsWith(".cluster") && test.getName().endsWith("IT");
  }

  private static ArchRule haveTheTag(String tag, Class<?>... seen) {
    List<String> names = Arrays.stream(seen).map(Class::getName).toList();
    return haveTheTag(
        tag,
        "see " + names,
        test -> seenFrom(test).stream().map(JavaClass::getName).anyMatch(names::contains));
  }

  private static ArchRule haveTheTag(String tag, String reason, Predicate<JavaClass> needsIt) {
    return classes()
        .that()
        // What Surefire and Failsafe run.
        .haveNameMatching(".*(Test|IT)")
        .and()
        // JMH ends the names of what it makes of benchmarks like that, too.
        .resideOutsideOfPackage("..jmh_generated")
        .should(haveTheTagIfAndOnlyIf(tag, reason, needsIt));
  }

  private static ArchCondition<JavaClass> haveTheTagIfAndOnlyIf(
      String tag, String reason, Predicate<JavaClass> needsIt) {
    return new ArchCondition<>("have the tag %s if and only if they %s", tag, reason) {
      @Override
      public void check(JavaClass test, ConditionEvents events) {
        boolean needs = needsIt.test(test);
        boolean has =
            Arrays.stream(test.reflect().getAnnotationsByType(Tag.class))
                .anyMatch(each -> each.value().equals(tag));
        if (needs != has) {
          events.add(
              SimpleConditionEvent.violated(
                  test,
                  "%s %s @Tag(\"%s\")"
                      .formatted(test.getName(), needs ? "needs" : "needs no", tag)));
        }
      }
    };
  }

  /** What a test depends on, directly or through other classes of the tests. */
  private static Set<JavaClass> seenFrom(JavaClass test) {
    Set<JavaClass> seen = new HashSet<>(Set.of(test));
    Deque<JavaClass> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (Dependency dependency : open.remove().getDirectDependenciesFromSelf()) {
        JavaClass next = dependency.getTargetClass();
        if (seen.add(next) && isOfTheTests(next)) {
          open.add(next);
        }
      }
    }
    return seen;
  }

  private static boolean isOfTheTests(JavaClass javaClass) {
    return javaClass
        .getSource()
        .filter(source -> source.getUri().toString().contains(TESTS))
        .isPresent();
  }
}
