package dev.convene.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Set;

/** What may depend on what. */
@AnalyzeClasses(
    packages = "dev.convene",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.WithoutTestKit.class})
class ArchitectureTest {
  private static final String ROOT = "dev.convene";

  /**
   * From the bottom up. A package sees the ones below its own level and none beside it. A new
   * package finds its place here first.
   */
  private static final List<Set<String>> LEVELS =
      List.of(
          Set.of(""),
          Set.of("nn", "optim", "stats", "blas", "tune", "scorer"),
          Set.of("data", "shard"),
          Set.of("preprocess", "train", "report"),
          Set.of("config", "checkpoint"),
          Set.of("ml"),
          Set.of("onnx", "html"),
          Set.of("jobs"));

  @ArchTest
  static final ArchRule DEPENDENCIES_HAVE_ONE_DIRECTION =
      classes().should(seeOnlyTheirOwnPackageAndLowerLevels());

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.convene.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule CLASSES_OF_DATA_HAVE_NO_CYCLES =
      slices().assignedFrom(topLevelClassesOf("data")).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule CLASSES_OF_JOBS_HAVE_NO_CYCLES =
      slices().assignedFrom(topLevelClassesOf("jobs")).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NN_IS_MATHEMATICS =
      classes()
          .that()
          .resideInAPackage("dev.convene.nn..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.convene.nn..", "dev.ludovic.netlib.blas", "java..");

  @ArchTest
  static final ArchRule OPTIM_IS_MATHEMATICS =
      classes()
          .that()
          .resideInAPackage("dev.convene.optim..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.convene.optim..", "java..");

  @ArchTest
  static final ArchRule THE_SCORER_NEEDS_THE_JDK_ALONE =
      classes()
          .that()
          .resideInAPackage("dev.convene.scorer..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.convene.scorer..", "java..");

  @ArchTest
  static final ArchRule TRAINING_IS_FREE_OF_SPARK_BUT_FOR_ITS_DOOR =
      noClasses()
          .that()
          .resideInAPackage("dev.convene.train..")
          .and()
          .haveNameNotMatching(".*\\.(SparkWorkers|ShardJob|SlicedMean|TaskSlots)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  @ArchTest
  static final ArchRule ONLY_JOBS_SPEAK_TO_A_TERMINAL =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.convene.jobs..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "me.tongfei..");

  @ArchTest
  static final ArchRule NOTHING_ENDS_THE_PROCESS =
      noClasses()
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class)
          .because("Spark has to see how a job ends: throw SparkUserAppException");

  @ArchTest
  static final ArchRule LOGS_GO_THROUGH_SLF4J =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.convene.blas.NetlibJni")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.util.logging..")
          .because("NetlibJni alone speaks to it, to silence netlib");

  @ArchTest
  static final ArchRule NOTHING_SEES_DL4J =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..");

  /** The test kit is beside the modules: they do not see it, as their poms say. */
  static final class WithoutTestKit implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/dev/convene/testkit/");
    }
  }

  /** A slice for each source file of a package, its subpackages included. */
  private static SliceAssignment topLevelClassesOf(String firstPackage) {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        return javaClass.getPackageName().startsWith(ROOT)
                && firstPackage(javaClass).equals(firstPackage)
            ? SliceIdentifier.of(javaClass.getName().replaceFirst("\\$.*", ""))
            : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "top-level classes of " + firstPackage;
      }
    };
  }

  private static ArchCondition<JavaClass> seeOnlyTheirOwnPackageAndLowerLevels() {
    return new ArchCondition<>("see only their own package and lower levels") {
      @Override
      public void check(JavaClass seer, ConditionEvents events) {
        String own = firstPackage(seer);
        if (level(own) < 0) {
          events.add(SimpleConditionEvent.violated(seer, own + " has no place among the levels"));
        }
        for (Dependency dependency : seer.getDirectDependenciesFromSelf()) {
          JavaClass seen = dependency.getTargetClass();
          if (seen.getPackageName().startsWith(ROOT)
              && !firstPackage(seen).equals(own)
              && level(firstPackage(seen)) >= level(own)) {
            events.add(SimpleConditionEvent.violated(seer, dependency.getDescription()));
          }
        }
      }
    };
  }

  /** Of {@code dev.convene.data.idx}: {@code data}. */
  private static String firstPackage(JavaClass javaClass) {
    String below = javaClass.getPackageName().substring(ROOT.length());
    return below.isEmpty() ? "" : below.substring(1).split("\\.", 2)[0];
  }

  private static int level(String firstPackage) {
    for (int level = 0; level < LEVELS.size(); level++) {
      if (LEVELS.get(level).contains(firstPackage)) {
        return level;
      }
    }
    return -1;
  }
}
