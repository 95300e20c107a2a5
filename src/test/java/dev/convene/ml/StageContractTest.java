package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users of spark.ml expect of any stage, for every stage of ours that is on the class path.
 */
@Tag("spark")
class StageContractTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.convene");

  /**
   * Values that are not a default; a Param takes the first that is of its type and in its range.
   */
  private static final List<Object> OTHER_VALUES =
      List.of(
          7,
          7L,
          0.25,
          2.5,
          true,
          false,
          new int[] {3, 2},
          new double[] {0.2, 0.3, 0.5},
          "other",
          "average",
          "sigmoid",
          "zeros",
          "sgd",
          "continue",
          "dl4j",
          "all",
          "out",
          "cosine",
          "epoch",
          "linear",
          "train-loss",
          "abs",
          "restart",
          "accuracy");

  private static final Map<Class<?>, Model<?>> MODELS = new HashMap<>();
  private static Dataset<Row> rows;

  @TempDir Path folder;

  static Stream<Class<?>> stages() {
    return CLASSES.stream()
        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
        .<Class<?>>map(type -> type.reflect())
        .filter(PipelineStage.class::isAssignableFrom)
        .sorted(Comparator.comparing(Class::getName));
  }

  static Stream<Class<?>> estimators() {
    return stages().filter(Estimator.class::isAssignableFrom);
  }

  static Stream<Class<?>> models() {
    return stages().filter(Model.class::isAssignableFrom);
  }

  @BeforeAll
  static void fitEveryEstimator() throws Exception {
    rows = Rows.in(2, Rows.classes(60, 3)).cache();
    for (Class<?> type : estimators().toList()) {
      Model<?> model = fit((Estimator<?>) estimator(type));
      MODELS.put(model.getClass(), model);
    }
  }

  @Test
  void everyStageIsAnEstimatorOrTheModelOfOne() {
    assertThat(stages())
        .extracting(Class::getSimpleName)
        .containsExactly(
            "NeuralNetworkClassificationModel",
            "NeuralNetworkClassifier",
            "NeuralNetworkRegressionModel",
            "NeuralNetworkRegressor");
    assertThat(models()).containsExactlyInAnyOrderElementsOf(MODELS.keySet());
  }

  @ParameterizedTest
  @MethodSource("stages")
  void isPublicTopLevelAndRead(Class<?> type) throws Exception {
    assertThat(type).isPublic();
    assertThat(type.getEnclosingClass()).isNull();
    Method load = type.getMethod("load", String.class);
    assertThat(Modifier.isStatic(load.getModifiers())).isTrue();
    assertThat(load.getReturnType()).isEqualTo(type);
    assertThat(Modifier.isStatic(type.getMethod("read").getModifiers())).isTrue();
  }

  @ParameterizedTest
  @MethodSource("estimators")
  void eachInstanceHasItsUid(Class<?> type) throws Exception {
    PipelineStage one = estimator(type);
    PipelineStage other = estimator(type);
    String name = type.getSimpleName();
    String prefix = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);

    assertThat(one.uid()).startsWith(prefix + "_").isNotEqualTo(other.uid());
    assertThat(one).hasToString(one.uid());
    assertThat(((PipelineStage) type.getConstructor(String.class).newInstance("mine")).uid())
        .isEqualTo("mine");
    for (Param<?> param : one.params()) {
      assertThat(param.parent()).as(param.name()).isEqualTo(one.uid());
    }
  }

  @ParameterizedTest
  @MethodSource("stages")
  void everyParamIsListedOnceAndExplained(Class<?> type) throws Exception {
    PipelineStage stage = stage(type);

    assertThat(stage.params()).extracting(Param::name).doesNotHaveDuplicates().isSorted();
    String explained = stage.explainParams();
    for (Param<?> param : stage.params()) {
      assertThat(param.doc()).as(param.name()).isNotBlank();
      assertThat(explained.lines())
          .anyMatch(line -> line.startsWith(param.name() + ": " + param.doc() + " ("));
      assertThat(stage.getParam(param.name())).isEqualTo(param);
    }
  }

  @ParameterizedTest
  @MethodSource("estimators")
  void whatASetterSetsItsGetterGets(Class<?> type) throws Exception {
    PipelineStage stage = estimator(type);

    for (Param<?> param : stage.params()) {
      Object value = otherValue(stage, param);
      Object returned = setter(type, param).invoke(stage, value);

      assertThat(returned).as("setters chain").isSameAs(stage);
      assertThat(getter(type, param).invoke(stage)).as(param.name()).isEqualTo(value);
      assertThat(stage.isSet(param)).as(param.name()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("estimators")
  void aGetterOfWhatHasNoValueFailsAsSparksDo(Class<?> type) throws Exception {
    PipelineStage stage = estimator(type);

    for (Param<?> param : stage.params()) {
      if (!stage.hasDefault(param)) {
        Method getter = getter(type, param);
        assertThatThrownBy(() -> getter.invoke(stage))
            .isInstanceOf(InvocationTargetException.class)
            .hasRootCauseMessage("Failed to find a default value for " + param.name());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("stages")
  void aCopyIsEqualAndIndependent(Class<?> type) throws Exception {
    PipelineStage stage = stage(type);
    stage.set(stage.getParam("predictionCol"), "here");
    Map<String, Object> before = values(stage);

    // Cross-validation copies on threads of its own.
    PipelineStage copy =
        CompletableFuture.supplyAsync(
                () -> stage.copy(ParamMap.empty()), task -> new Thread(task).start())
            .get();

    assertThat(copy).isNotSameAs(stage).hasSameClassAs(stage);
    assertThat(copy.params()).extracting(Param::parent).containsOnly(stage.uid());
    assertThat(copy.uid()).isEqualTo(stage.uid());
    assertEqualValues(copy, before);
    copy.set(copy.getParam("predictionCol"), "there");
    assertEqualValues(stage, before);

    Param<Object> seed = stage.getParam("seed");
    assertThat(stage.copy(new ParamMap().put(seed, 99L)).getOrDefault(seed)).isEqualTo(99L);
    assertThat(stage.isSet(seed)).isFalse();
    if (stage instanceof Model<?> model) {
      assertThat(model.parent()).isNotNull();
      assertThat(((Model<?>) copy).parent()).isSameAs(model.parent());
      assertSamePredictions((Model<?>) copy, model);
    }
  }

  @ParameterizedTest
  @MethodSource("estimators")
  void whatIsSavedIsLoaded(Class<?> type) throws Exception {
    PipelineStage stage = estimator(type);
    for (Param<?> param : stage.params()) {
      setter(type, param).invoke(stage, otherValue(stage, param));
    }

    PipelineStage loaded = saveAndLoad(stage);
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {stage});
    pipeline.save(path("pipeline"));
    PipelineStage inPipeline = Pipeline.load(path("pipeline")).getStages()[0];

    for (PipelineStage read : List.of(loaded, inPipeline)) {
      assertThat(read).hasSameClassAs(stage);
      assertThat(read.uid()).isEqualTo(stage.uid());
      assertEqualValues(read, values(stage));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelThatIsSavedIsLoaded(Class<?> type) throws Exception {
    Model<?> model = (Model<?>) stage(type);
    model.set(model.getParam("predictionCol"), "here");
    PipelineModel pipeline =
        new Pipeline().setStages(new PipelineStage[] {model.copy(ParamMap.empty())}).fit(rows);

    Model<?> loaded = (Model<?>) saveAndLoad(model);
    pipeline.save(path("pipeline"));
    Transformer inPipeline = PipelineModel.load(path("pipeline")).stages()[0];

    for (Transformer read : List.of(loaded, inPipeline)) {
      assertThat(read).hasSameClassAs(model);
      assertThat(read.uid()).isEqualTo(model.uid());
      assertEqualValues(read, values(model));
      assertSamePredictions(read, model);
    }
  }

  @ParameterizedTest
  @MethodSource("stages")
  void theSchemaThatIsForetoldIsTheSchemaThatComes(Class<?> type) throws Exception {
    PipelineStage stage = stage(type);
    Transformer fitted =
        stage instanceof Estimator<?> estimator ? fit(estimator) : (Transformer) stage;
    StructType comes = fitted.transform(rows).schema();

    // MLlib's own order and nullability differ; metadata is only known after fitting.
    Comparator<StructField> equal =
        Comparator.comparing(StructField::name).thenComparing(field -> field.dataType().json());
    if (stage instanceof Transformer) {
      equal = equal.thenComparing(field -> field.metadata().json());
    }
    assertThat(stage.transformSchema(rows.schema()).fields())
        .usingElementComparator(equal)
        .containsExactlyInAnyOrder(comes.fields());
  }

  @ParameterizedTest
  @MethodSource("estimators")
  void fittingChangesTheEstimatorInNothing(Class<?> type) throws Exception {
    PipelineStage estimator = estimator(type);
    Map<String, Object> before = values(estimator);

    Model<?> model = fit((Estimator<?>) estimator);

    assertEqualValues(estimator, before);
    assertThat(model.uid()).isEqualTo(estimator.uid());
    assertThat(model.parent()).isSameAs(estimator);
    Map<String, Object> kept = values(model);
    kept.keySet().retainAll(before.keySet());
    assertThat(kept).as("the model keeps how it came about").containsAllEntriesOf(scalars(before));
  }

  @ParameterizedTest
  @MethodSource("estimators")
  void anEstimatorThatWasSerializedFitsTheSameModel(Class<?> type) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(estimator(type));
    }
    Estimator<?> read;
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      read = (Estimator<?>) in.readObject();
    }

    Model<?> model = fit(read);

    assertSamePredictions(model, MODELS.get(model.getClass()));
  }

  private static Model<?> fit(Estimator<?> estimator) {
    return (Model<?>) estimator.fit(rows);
  }

  /** A new estimator that trains quickly. */
  private static PipelineStage estimator(Class<?> type) throws Exception {
    PipelineStage stage = (PipelineStage) type.getConstructor().newInstance();
    stage.set(stage.getParam("epochs"), 2);
    stage.set(stage.getParam("workers"), 2);
    stage.set(stage.getParam("hidden"), new int[] {5});
    stage.set(stage.getParam("batchSize"), 8);
    return stage;
  }

  /** A stage of one's own. */
  private static PipelineStage stage(Class<?> type) throws Exception {
    return MODELS.containsKey(type) ? MODELS.get(type).copy(ParamMap.empty()) : estimator(type);
  }

  private static Object otherValue(PipelineStage stage, Param<?> param) throws Exception {
    Method getter = getter(stage.getClass(), param);
    Class<?> type = boxed(getter.getReturnType());
    Object present = stage.isDefined(param) ? getter.invoke(stage) : null;
    for (Object value : OTHER_VALUES) {
      if (type.isInstance(value) && !value.equals(present) && isValid(stage, param, value)) {
        return value;
      }
    }
    throw new AssertionError("no value for Param " + param.name());
  }

  private static boolean isValid(PipelineStage stage, Param<?> param, Object value) {
    try {
      stage.copy(ParamMap.empty()).set(param.name(), value);
      return true;
    } catch (IllegalArgumentException outOfRange) {
      return false;
    }
  }

  private static Class<?> boxed(Class<?> type) {
    return MethodType.methodType(type).wrap().returnType();
  }

  private static Method getter(Class<?> type, Param<?> param) throws Exception {
    return type.getMethod("get" + capitalized(param));
  }

  private static Method setter(Class<?> type, Param<?> param) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getName().equals("set" + capitalized(param)))
        .filter(method -> method.getParameterCount() == 1 && !method.isBridge())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no setter of Param " + param.name()));
  }

  private static String capitalized(Param<?> param) {
    return param.name().substring(0, 1).toUpperCase(Locale.ROOT) + param.name().substring(1);
  }

  /** Name and value of each Param that is set, and of each that has a default. */
  private static Map<String, Object> values(Params stage) {
    Map<String, Object> values = new TreeMap<>();
    for (Param<?> param : stage.params()) {
      if (stage.isSet(param)) {
        values.put(param.name(), stage.get(param).get());
      }
      if (stage.hasDefault(param)) {
        values.put(param.name() + " by default", stage.getDefault(param).get());
      }
    }
    return values;
  }

  private static Map<String, Object> scalars(Map<String, Object> values) {
    Map<String, Object> scalars = new TreeMap<>(values);
    scalars.values().removeIf(value -> value.getClass().isArray());
    return scalars;
  }

  private static void assertEqualValues(Params stage, Map<String, Object> expected) {
    Map<String, Object> actual = values(stage);
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((name, value) -> assertThat(value).as(name).isEqualTo(expected.get(name)));
  }

  private static void assertSamePredictions(Transformer actual, Transformer expected) {
    assertThat(predictions(actual)).isEqualTo(predictions(expected));
  }

  /** All columns that a model adds; vectors are equal if all their bits are. */
  private static List<Row> predictions(Transformer model) {
    Dataset<Row> transformed = model.transform(rows);
    String[] added =
        Arrays.stream(transformed.columns())
            .filter(name -> !Arrays.asList(rows.columns()).contains(name))
            .toArray(String[]::new);
    assertThat(added).isNotEmpty();
    return transformed.selectExpr(added).collectAsList();
  }

  private PipelineStage saveAndLoad(PipelineStage stage) throws Exception {
    ((MLWritable) stage).save(path("stage"));
    return (PipelineStage)
        stage.getClass().getMethod("load", String.class).invoke(null, path("stage"));
  }

  private String path(String name) {
    return folder.resolve(name).toUri().toString();
  }
}
