package dev.convene.config;

import static dev.convene.config.Keys.AVERAGING_PERIOD;
import static dev.convene.config.Keys.DATA_CACHE;
import static dev.convene.config.Keys.DATA_FEATURES;
import static dev.convene.config.Keys.DATA_LABEL;
import static dev.convene.config.Keys.DATA_OPTIONS;
import static dev.convene.config.Keys.DATA_TEST;
import static dev.convene.config.Keys.DATA_TRAIN;
import static dev.convene.config.Keys.EARLY_STOPPING_PATIENCE;
import static dev.convene.config.Keys.MODEL_HIDDEN;
import static dev.convene.config.Keys.OPTIMIZER_AMSGRAD;
import static dev.convene.config.Keys.OPTIMIZER_BETA1;
import static dev.convene.config.Keys.OPTIMIZER_BETA2;
import static dev.convene.config.Keys.OPTIMIZER_DAMPENING;
import static dev.convene.config.Keys.OPTIMIZER_EPS;
import static dev.convene.config.Keys.OPTIMIZER_LEARNING_RATE;
import static dev.convene.config.Keys.OPTIMIZER_MOMENTUM;
import static dev.convene.config.Keys.OPTIMIZER_NESTEROV;
import static dev.convene.config.Keys.OPTIMIZER_WEIGHT_DECAY;
import static dev.convene.config.Keys.TRAIN_BATCH_SIZE;
import static dev.convene.config.Keys.TRAIN_EPOCHS;
import static dev.convene.config.Keys.TRAIN_SEED;
import static dev.convene.config.Keys.TRAIN_WORKERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.nn.Activation;
import dev.convene.nn.LeakyRelu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @TempDir Path folder;

  private static Settings set(String... overrides) {
    return Settings.load(null, List.of(overrides));
  }

  private Path conf(String... lines) throws IOException {
    return Files.write(folder.resolve("my.conf"), List.of(lines));
  }

  private Settings load(String... lines) throws IOException {
    return Settings.load(conf(lines), List.of());
  }

  /** The message of the refusal, with the test's folder cut out. */
  private String refusal(Path conf, String... overrides) {
    ConveneException refused =
        catchThrowableOfType(ConveneException.class, () -> Settings.load(conf, List.of(overrides)));
    assertThat(refused).isNotNull();
    assertThat(refused.status()).isEqualTo(ExitStatus.USAGE);
    return refused.getMessage().replace(folder + "/", "");
  }

  private String refusal(String... overrides) {
    return refusal(null, overrides);
  }

  @Test
  void theReferenceHoldsTheDeclaredKeysInTheirOrder() {
    Config reference =
        ConfigFactory.parseResources(
            Settings.class, "reference.conf", ConfigParseOptions.defaults().setAllowMissing(false));
    Map<Integer, String> byLine = new TreeMap<>();
    collect(reference.root(), List.of(), byLine);
    assertThat(Keys.all()).extracting(Setting::key).containsExactlyElementsOf(byLine.values());
  }

  /** What a value may be stands in the code, which checks it, and in the reference, for users. */
  @ParameterizedTest
  @MethodSource("settings")
  void theReferenceSaysWhatASettingMayBe(Setting<?> setting) {
    String comment = Reference.comment(setting.key());

    assertThat(comment).endsWith(".");
    if (setting.allowed().equals("true or false")) {
      return;
    }
    if (!setting.allowed().startsWith("a")) {
      assertThat(List.of(setting.allowed().split(", | or ")))
          .allSatisfy(name -> assertThat(comment).containsPattern("(?i)\\b" + name + "\\b"));
    } else {
      Matcher range =
          Pattern.compile("at least \\d|above \\d|in \\[0, 1\\)").matcher(setting.allowed());
      if (range.find()) {
        assertThat(comment).containsIgnoringCase(range.group());
      }
    }
  }

  static List<Setting<?>> settings() {
    return Keys.all();
  }

  private static void collect(ConfigValue value, List<String> path, Map<Integer, String> byLine) {
    boolean isSetting =
        Keys.all().stream().anyMatch(known -> known.key().equals(String.join(".", path)));
    if (value instanceof ConfigObject object && !isSetting) {
      object.forEach(
          (name, child) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            collect(child, longer, byLine);
          });
    } else {
      byLine.put(value.origin().lineNumber(), ConfigUtil.joinPath(path));
    }
  }

  @Test
  void defaultsAreTheReferences() {
    Settings settings = set();
    assertThat(settings.value(TRAIN_EPOCHS)).isEqualTo(15);
    assertThat(settings.value(TRAIN_BATCH_SIZE)).hasValue(100);
    assertThat(settings.value(TRAIN_WORKERS)).isEmpty();
    assertThat(settings.value(AVERAGING_PERIOD)).as("auto").hasValue(-1);
    assertThat(settings.value(TRAIN_SEED)).isEqualTo(1L);
    assertThat(settings.value(MODEL_HIDDEN)).isEmpty();
    assertThat(settings.value(DATA_TRAIN)).isEmpty();
    assertThat(settings.value(DATA_OPTIONS)).isEmpty();
    assertThat(settings.value(DATA_CACHE)).isEmpty();
  }

  @Test
  void optimizersHavePyTorchsDefaults() {
    Settings adam = set();
    assertThat(adam.value(OPTIMIZER_LEARNING_RATE)).isEqualTo(1e-3);
    assertThat(adam.value(OPTIMIZER_WEIGHT_DECAY)).isZero();
    assertThat(adam.value(OPTIMIZER_BETA1)).isEqualTo(0.9);
    assertThat(adam.value(OPTIMIZER_BETA2)).isEqualTo(0.999);
    assertThat(adam.value(OPTIMIZER_EPS)).isEqualTo(1e-8);
    assertThat(adam.value(OPTIMIZER_AMSGRAD)).isFalse();
    assertThatThrownBy(() -> adam.value(OPTIMIZER_MOMENTUM))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("optimizer adam has no train.optimizer.momentum");

    Settings sgd = set("train.optimizer.name=sgd");
    assertThat(sgd.value(OPTIMIZER_LEARNING_RATE)).isEqualTo(1e-3);
    assertThat(sgd.value(OPTIMIZER_WEIGHT_DECAY)).isZero();
    assertThat(sgd.value(OPTIMIZER_MOMENTUM)).isZero();
    assertThat(sgd.value(OPTIMIZER_DAMPENING)).isZero();
    assertThat(sgd.value(OPTIMIZER_NESTEROV)).isFalse();
  }

  @Test
  void overridesTakeTextsLiterally() {
    Settings settings =
        set(
            "data.train=hdfs://nn/x/*.parquet",
            "data.test=mnist:train",
            "data.format=csv",
            "data.options.sep=,",
            "data.options.header=true",
            "data.options.quote=\"",
            "data.options.a.b=x=${y}",
            "data.label=12");
    assertThat(settings.value(DATA_TRAIN)).containsExactly("hdfs://nn/x/*.parquet");
    assertThat(settings.value(DATA_TEST)).containsExactly("mnist:train");
    assertThat(settings.value(DATA_LABEL)).containsExactly("12");
    assertThat(settings.value(DATA_OPTIONS))
        .isEqualTo(Map.of("sep", ",", "header", "true", "quote", "\"", "a.b", "x=${y}"));
  }

  @Test
  void overridesParseListsNumbersBooleansAndObjects() {
    Settings settings =
        set(
            "model.hidden=[256,256]",
            "train.epochs=3",
            "train.batch-size=full",
            "train.workers=4",
            "train.seed=-9223372036854775808",
            "train.optimizer.name=sgd",
            "train.optimizer.nesterov=true",
            "train.optimizer.momentum=9e-1",
            "data.train=[a.csv, \"b,c.csv\"]",
            "data.features=[x,y]",
            "data.options={header = true, a.b = 1.50}");
    assertThat(settings.value(MODEL_HIDDEN)).containsExactly(256, 256);
    assertThat(settings.value(TRAIN_EPOCHS)).isEqualTo(3);
    assertThat(settings.value(TRAIN_BATCH_SIZE)).isEqualTo(OptionalInt.empty());
    assertThat(settings.value(TRAIN_WORKERS)).hasValue(4);
    assertThat(settings.value(TRAIN_SEED)).isEqualTo(Long.MIN_VALUE);
    assertThat(settings.value(OPTIMIZER_NESTEROV)).isTrue();
    assertThat(settings.value(OPTIMIZER_MOMENTUM)).isEqualTo(0.9);
    assertThat(settings.value(DATA_TRAIN)).containsExactly("a.csv", "b,c.csv");
    assertThat(settings.value(DATA_FEATURES)).containsExactly("x", "y");
    assertThat(settings.value(DATA_OPTIONS)).isEqualTo(Map.of("header", "true", "a.b", "1.50"));
  }

  @Test
  void overridesBeatTheConfAndNullResets() throws IOException {
    Path conf = conf("train { epochs = 7, workers = 2 }", "data.test = a.csv");
    Settings settings =
        Settings.load(conf, List.of("train.epochs=8", "train.workers=null", "data.test=null"));
    assertThat(settings.value(TRAIN_EPOCHS)).isEqualTo(8);
    assertThat(settings.value(TRAIN_WORKERS)).isEmpty();
    assertThat(settings.value(DATA_TEST)).isEmpty();
    assertThat(set("train.epochs=8", "train.epochs=9").value(TRAIN_EPOCHS)).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.epochs=0       | train.epochs is 0 (--set), but must be a whole number of at least 1",
        "train.epochs=1.5     | train.epochs is 1.5 (--set), but must be a whole number of at least 1",
        "train.epochs=many    | train.epochs is \"many\" (--set), but must be a whole number of at least 1",
        "train.epochs=        | train.epochs is  (--set), but must be a whole number of at least 1",
        "train.epochs=1e99    | train.epochs is 1.0E99 (--set), but must be a whole number of at least 1",
        "train.batch-size=0   | train.batch-size is 0 (--set), but must be a whole number of at least 1, or full",
        "train.workers=some   | train.workers is \"some\" (--set), but must be a whole number of at least 1, or auto",
        "train.seed=1e30      | train.seed is 1.0E30 (--set), but must be a whole number of 64 bits",
        "train.shuffle=maybe  | train.shuffle is \"maybe\" (--set), but must be true or false",
        "model.dropout=1      | model.dropout is 1 (--set), but must be a number in [0, 1), or a list of such numbers",
        "model.dropout=NaN    | model.dropout is \"NaN\" (--set), but must be a number in [0, 1), or a list of such numbers",
        "model.dropout=[0.5,1] | model.dropout is [0.5,1] (--set), but must be a number in [0, 1), or a list of such numbers",
        "model.input-dropout=1 | model.input-dropout is 1 (--set), but must be a number in [0, 1)",
        "train.label-smoothing=1 | train.label-smoothing is 1 (--set), but must be a number in [0, 1)",
        "train.batch-size-of=global | train.batch-size-of is \"global\" (--set), but must be auto, worker or all",
        "train.optimizer.learning-rate=0 | train.optimizer.learning-rate is 0 (--set), but must be a number above 0",
        "train.optimizer.learning-rate=Infinity | train.optimizer.learning-rate is \"Infinity\" (--set), but must be a number above 0",
        "train.optimizer.learning-rate=1e400 | train.optimizer.learning-rate is Infinity (--set), but must be a number above 0",
        "model.hidden=256,256 | model.hidden is 256,256 (--set), but must be a list of whole numbers of at least 1",
        "model.hidden=[256,0] | model.hidden is [256,0] (--set), but must be a list of whole numbers of at least 1",
        "model.hidden=256     | model.hidden is 256 (--set), but must be a list of whole numbers of at least 1",
        "model.activation=swish | model.activation is \"swish\" (--set), but must be relu, leaky-relu, sigmoid, tanh, elu, selu, gelu, silu or softplus",
        "model.leaky-slope=1   | model.leaky-slope is 1 (--set), but must be a number in [0, 1)",
        "data.label=          | data.label is \"\" (--set), but must be a text or a list of texts",
        "data.train=[ab       | data.train is [ab (--set), but must be a text or a list of texts",
        "data.options=[1]     | data.options is [1] (--set), but must be an object of texts",
        "preprocess.binned=[1] | preprocess.binned is [1] (--set), but must be an object of whole numbers of at least 2",
        "preprocess.binned.age=1 | preprocess.binned is {\"age\":\"1\"} (--set), but must be an object of whole numbers of at least 2",
        "model.thresholds.yes=-1 | model.thresholds is {\"yes\":\"-1\"} (--set), but must be an object of numbers of at least 0",
        "preprocess.missing=drop | preprocess.missing is \"drop\" (--set), but must be error, mean, median, mode or constant",
        "train.epochs         | --set train.epochs: write it as --set KEY=VALUE",
        "train.epoch=3        | unknown setting train.epoch (--set); the nearest known one is train.epochs",
        "epochs=3             | unknown setting epochs (--set); the nearest known one is train.epochs",
        "train.learning_rate=3 | unknown setting train.learning_rate (--set); the nearest known one is train.optimizer.learning-rate",
        "train=3              | train (--set) is a group of settings and takes no value of its own",
      })
  void refusesAnOverride(String override, String message) {
    assertThat(refusal(override)).isEqualTo(message);
  }

  @Test
  void aJobDemandsItsPaths() {
    assertThat(set("data.train=a.csv").required(DATA_TRAIN)).containsExactly("a.csv");
    assertThatThrownBy(() -> set().required(DATA_TRAIN))
        .isInstanceOf(ConveneException.class)
        .hasMessage("data.train is not set: name it in a conf, or with --set data.train=PATH");
  }

  @Test
  void refusalsNameTheLine() throws IOException {
    assertThat(refusal(conf("# mine", "train.epochs = -1")))
        .isEqualTo("train.epochs is -1 (my.conf: 2), but must be a whole number of at least 1");
    assertThat(refusal(conf("train {", "  batchsize = 10", "}")))
        .isEqualTo(
            "unknown setting train.batchsize (my.conf: 2); the nearest known one is"
                + " train.batch-size");
    assertThat(refusal(conf("train.optimiser { name = sgd }")))
        .isEqualTo(
            "unknown setting train.optimiser (my.conf: 1); the nearest known one is"
                + " train.optimizer");
    assertThat(refusal(conf("", "train = 5")))
        .isEqualTo("train (my.conf: 2) is a group of settings and takes no value of its own");
    assertThat(refusal(conf("train.epochs { a = 1 }")))
        .isEqualTo(
            "train.epochs is {\"a\":1} (my.conf: 1), but must be a whole number of at least 1");
    assertThat(refusal(conf("model { hidden = [1, x] }")))
        .isEqualTo(
            "model.hidden is [1,\"x\"] (my.conf: 1), but must be a list of whole numbers of at"
                + " least 1");
  }

  @Test
  void refusesWhatIsNotHocon() throws IOException {
    assertThat(refusal(folder.resolve("no.conf"))).isEqualTo("there is no conf file no.conf");
    assertThat(refusal(conf("train {", "  epochs = 3")))
        .startsWith("the conf cannot be read: my.conf: 3: ");
    assertThat(refusal(conf("train.epochs = 3", "data.train = ${NO_SUCH_VARIABLE}/x")))
        .startsWith("the conf cannot be read: my.conf: 2: ")
        .contains("${NO_SUCH_VARIABLE}");
  }

  @Test
  void refusesKeysOfAnotherOptimizer() throws IOException {
    assertThat(refusal(conf("train.optimizer {", "name = sgd", "beta1 = 0.5", "}")))
        .isEqualTo(
            "train.optimizer.beta1 is set (my.conf: 3), but optimizer sgd has no beta1; it has"
                + " learning-rate, weight-decay, momentum, dampening, nesterov; adam, adamw,"
                + " sparse-adam, adamax have it");
    assertThat(refusal("train.optimizer.name=sparse-adam", "train.optimizer.weight-decay=0.1"))
        .isEqualTo(
            "train.optimizer.weight-decay is set (--set), but optimizer sparse-adam has no"
                + " weight-decay; it has learning-rate, beta1, beta2, eps; sgd, adam, adamw, adamax,"
                + " adagrad, adadelta, rmsprop, asgd have it");
    assertThat(refusal("train.optimizer.name=sparse-adam", "train.optimizer.amsgrad=true"))
        .endsWith("has no amsgrad; it has learning-rate, beta1, beta2, eps; adam, adamw have it");
    assertThat(refusal("train.optimizer.momentum=0.9"))
        .isEqualTo(
            "train.optimizer.momentum is set (--set), but optimizer adam has no momentum; it has"
                + " learning-rate, weight-decay, beta1, beta2, eps, amsgrad; sgd, rmsprop have it");
    assertThat(set("train.optimizer.momentum=null").value(OPTIMIZER_BETA1)).isEqualTo(0.9);
  }

  @Test
  void refusesASlopeOfAnotherActivation() throws IOException {
    assertThat(refusal("model.leaky-slope=0.2"))
        .isEqualTo(
            "model.leaky-slope is set (--set), but activation relu has no leaky-slope; it has no"
                + " settings; leaky-relu has it");
    assertThat(refusal(conf("model { activation = gelu", "leaky-slope = 0.01 }")))
        .isEqualTo(
            "model.leaky-slope is set (my.conf: 2), but activation gelu has no leaky-slope;"
                + " it has no settings; leaky-relu has it");
    Settings leaky = set("model.activation=leaky-relu", "model.leaky-slope=0.2");
    assertThat(ActivationKind.chosenBy(leaky)).isEqualTo(new LeakyRelu(0.2));
    assertThat(ActivationKind.chosenBy(set("model.activation=leaky-relu")))
        .isEqualTo(Activation.LEAKY_RELU);
  }

  @ParameterizedTest
  @EnumSource(ActivationKind.class)
  void anActivationIsChosenByItsName(ActivationKind kind) {
    String name = SettingName.of(kind);

    assertThat(ActivationKind.chosenBy(set("model.activation=" + name)).description())
        .isEqualTo(name);
  }

  @Test
  void refusesWhatTheInitializerDoesNotHave() {
    assertThat(refusal("model.initializer-std=0.1"))
        .isEqualTo(
            "model.initializer-std is set (--set), but initializer xavier has no initializer-std;"
                + " it has no settings; normal has it");
    assertThat(refusal("model.initializer=normal", "model.initializer-low=0"))
        .isEqualTo(
            "model.initializer-low is set (--set), but initializer normal has no initializer-low;"
                + " it has initializer-mean, initializer-std; uniform has it");
    assertThat(refusal("model.initializer=zeros", "model.initializer-fan=out"))
        .isEqualTo(
            "model.initializer-fan is set (--set), but initializer zeros has no initializer-fan;"
                + " it has no settings; kaiming-uniform, kaiming-normal have it");
    assertThat(refusal("model.initializer=uniform", "model.initializer-low=2"))
        .isEqualTo(
            "model.initializer-low = 2 (--set) is above model.initializer-high = 1.0 (default of"
                + " uniform)");
  }

  @Test
  void aWordThatDependsOnItsOwnerIsDescribedAsItIsWritten() {
    assertThat(set("model.initializer=kaiming-normal").describe().lines())
        .contains("model.initializer-fan = in                 # default of kaiming-normal");
  }

  @Test
  void nesterovNeedsMomentumAndNoDampening() {
    assertThat(refusal("train.optimizer.name=sgd", "train.optimizer.nesterov=true"))
        .isEqualTo(
            "train.optimizer.nesterov = true (--set) needs a momentum above 0 and dampening 0, but"
                + " train.optimizer.momentum = 0.0 (default of sgd) and train.optimizer.dampening"
                + " = 0.0 (default of sgd)");
    assertThat(
            refusal(
                "train.optimizer.name=sgd",
                "train.optimizer.nesterov=true",
                "train.optimizer.momentum=0.9",
                "train.optimizer.dampening=0.1"))
        .endsWith("train.optimizer.dampening = 0.1 (--set)");
  }

  @Test
  void validationRowsHaveOneSourceAndEarlyStoppingNeedsIt() {
    assertThat(refusal("data.validation=v.csv", "data.validation-fraction=0.1"))
        .isEqualTo(
            "data.validation = \"v.csv\" (--set) and data.validation-fraction = 0.1 (--set)"
                + " exclude each other: keep one");
    assertThat(refusal("train.early-stopping.patience=3"))
        .isEqualTo(
            "train.early-stopping.patience = 3 (--set) needs validation rows: set data.validation"
                + " or data.validation-fraction");
    assertThat(
            set("train.early-stopping.patience=3", "data.validation-fraction=0.1")
                .value(EARLY_STOPPING_PATIENCE))
        .isEqualTo(3);
  }

  @Test
  void testRowsHaveOneSource() {
    assertThat(refusal("data.test=t.csv", "data.test-fraction=0.1"))
        .isEqualTo(
            "data.test = \"t.csv\" (--set) and data.test-fraction = 0.1 (--set) exclude each"
                + " other: keep one");
  }

  @Test
  void objectsHaveNamesOfTheUsers() throws IOException {
    Settings settings =
        Settings.load(
            conf(
                "model.class-weights { \"<=50K\" = 1, \">50K\" = 2.5, a.b = 3 }",
                "data.derive { income = \"rtrim('.', income)\" }"),
            List.of("preprocess.binned.age=10", "data.derive.x y=a + b"));
    assertThat(settings.value(Keys.MODEL_CLASS_WEIGHTS))
        .isEqualTo(Map.of("<=50K", 1.0, ">50K", 2.5, "a.b", 3.0));
    assertThat(settings.value(Keys.PREPROCESS_BINNED)).isEqualTo(Map.of("age", 10));
    assertThat(settings.value(Keys.DATA_DERIVE))
        .isEqualTo(Map.of("income", "rtrim('.', income)", "x y", "a + b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.label=[]; | data.label = [] (--set) names no column",
        "data.label=[a,b]; | data.label = [\"a\",\"b\"] (--set) names several columns, but a classification has one label: name one, or set model.task = regression",
        "model.task=regression; data.categorical=label | data.categorical = \"label\" (--set) has the label, label, but a regression's label is a number: leave it out, or set model.task = classification",
        "model.task=regression; model.balance-classes=true | model.balance-classes = true (--set) needs classes, and model.task = \"regression\" (--set) has none",
        "model.balance-classes=true; model.class-weights.a=2 | model.balance-classes = true (--set) and model.class-weights = {\"a\":\"2\"} (--set) exclude each other: keep one",
        "preprocess.hashed.zip=8; | preprocess.hashed = {\"zip\":\"8\"} (--set) has column zip, which is not among data.categorical: add it there",
        "preprocess.binned.zip=8; data.categorical=zip | preprocess.binned = {\"zip\":\"8\"} (--set) has column zip, which is among data.categorical: only a number can be treated so",
        "preprocess.scaled-columns=zip; data.categorical=zip | preprocess.scaled-columns = \"zip\" (--set) has column zip, which is among data.categorical: only a number can be treated so",
        "preprocess.scaled-columns=age; preprocess.binned.age=8 | preprocess.scaled-columns = \"age\" (--set) and preprocess.binned = {\"age\":\"8\"} (--set) both have column age: keep one",
        "model.dl4j-configuration=a.json; model.hidden=[3] | model.hidden = [3] (--set) repeats what model.dl4j-configuration = \"a.json\" (--set) describes: leave one of them out",
        "model.dl4j-configuration=a.json; train.optimizer.name=sgd | train.optimizer.name = \"sgd\" (--set) repeats what model.dl4j-configuration = \"a.json\" (--set) describes: leave one of them out",
        "model.dl4j-configuration=a.json; train.optimizer.beta1=0.8 | train.optimizer.beta1 = 0.8 (--set) repeats what model.dl4j-configuration = \"a.json\" (--set) describes: leave one of them out",
        "model.dl4j-configuration=a.json; train.trainer=native | model.dl4j-configuration = \"a.json\" (--set) is trained by DL4J, but train.trainer = \"native\" (--set): leave that out",
        "model.dl4j-configuration=a.json; data.weight=w | data.weight is set (--set), but DL4J has no weights of rows: leave it out, or train natively",
        "train.trainer=dl4j; train.optimizer.name=sgd; train.optimizer.momentum=0.9 | train.optimizer.momentum = 0.9 (--set), but DL4J has no momentum other than Nesterov's: set train.optimizer.nesterov = true, or train natively",
        "train.optimizer.name=lbfgs; model.hidden=[3,2]; model.dropout=[0,0.5] | model.dropout = [0,0.5] (--set), but optimizer lbfgs has no such thing: leave it out, or name another optimizer",
        "train.optimizer.name=lbfgs; model.input-dropout=0.5 | model.input-dropout = 0.5 (--set), but optimizer lbfgs has no such thing: leave it out, or name another optimizer",
        "train.optimizer.name=lbfgs; train.label-smoothing=0.5 | train.label-smoothing = 0.5 (--set), but optimizer lbfgs has no such thing: leave it out, or name another optimizer",
        "model.hidden=[3,2]; model.dropout=[0.5] | model.dropout = [0.5] (--set) has 1 rates, but model.hidden = [3,2] (--set) has 2 layers: give one number for all, or one for each",
        "model.dropout=[0.5,0.2]; | model.dropout = [0.5,0.2] (--set) has 2 rates, but model.hidden = [] (default) has 0 layers: give one number for all, or one for each",
        "model.dl4j-configuration=a.json; model.input-dropout=0.1 | model.input-dropout = 0.1 (--set) repeats what model.dl4j-configuration = \"a.json\" (--set) describes: leave one of them out",
        "model.task=regression; train.label-smoothing=0.1 | train.label-smoothing = 0.1 (--set) needs classes, and model.task = \"regression\" (--set) has none",
        "train.trainer=dl4j; train.label-smoothing=0.1 | train.label-smoothing = 0.1 (--set), but DL4J makes the steps: leave it out, or train natively",
        "train.batch-size-of=all; train.workers=101 | train.batch-size = 100 (default) is for all of 101 workers: make it 101 at least, so that each has a row, or train on fewer workers",
        "train.batch-size-of=all; train.workers=3; train.batch-size=2 | train.batch-size = 2 (--set) is for all of 3 workers: make it 3 at least, so that each has a row, or train on fewer workers",
        "train.trainer=dl4j; model.activation=gelu | model.activation = \"gelu\" (--set), but DL4J's is an approximation: choose another one, or train natively",
        "model.dl4j-configuration=a.json; model.leaky-slope=0.2 | model.leaky-slope = 0.2 (--set) repeats what model.dl4j-configuration = \"a.json\" (--set) describes: leave one of them out",
        "model.dl4j-configuration=a.json; train.learning-rate-schedule.name=coslog4 | train.learning-rate-schedule.name = \"coslog4\" (--set) repeats what model.dl4j-configuration = \"a.json\" (--set) describes: leave one of them out",
        "train.trainer=dl4j; train.l1=0.1 | train.l1 = 0.1 (--set), but DL4J makes the steps: leave it out, or train natively",
        "train.trainer=dl4j; train.moving-average=0.9 | train.moving-average = 0.9 (--set), but DL4J makes the steps: leave it out, or train natively",
        "train.trainer=dl4j; train.learning-rate-schedule.warm-up=9; train.optimizer.name=sgd; train.optimizer.momentum=0.9; train.optimizer.nesterov=true | train.optimizer.momentum = 0.9 (--set), but DL4J's momentum is PyTorch's only at a constant learning rate: leave out the momentum or the schedule, or train natively",
        "train.learning-rate-schedule.name=linear; | train.learning-rate-schedule.name is \"linear\" (--set), but must be constant, step, multi-step, exponential, cosine, one-cycle, coslog4 or reduce-on-plateau",
        "train.learning-rate-schedule.gamma=0.5; | train.learning-rate-schedule.gamma is set (--set), but learning-rate-schedule constant has no gamma; it has no settings; step, multi-step, exponential have it",
        "train.learning-rate-schedule.name=cosine; train.learning-rate-schedule.gamma=0.5 | train.learning-rate-schedule.gamma is set (--set), but learning-rate-schedule cosine has no gamma; it has t-max, eta-min; step, multi-step, exponential have it",
        "train.learning-rate-schedule.name=step; | train.learning-rate-schedule.name = \"step\" (--set) needs train.learning-rate-schedule.step-size: set it",
        "train.learning-rate-schedule.name=multi-step; | train.learning-rate-schedule.name = \"multi-step\" (--set) needs train.learning-rate-schedule.milestones: set it",
        "train.learning-rate-schedule.name=exponential; | train.learning-rate-schedule.name = \"exponential\" (--set) needs train.learning-rate-schedule.gamma: set it",
        "train.learning-rate-schedule.name=one-cycle; train.learning-rate-schedule.three-phase=true; train.learning-rate-schedule.pct-start=0.5 | train.learning-rate-schedule.pct-start = 0.5 (--set) leaves three phases no room: make it less than 0.5",
        "train.learning-rate-schedule.name=reduce-on-plateau; | train.learning-rate-schedule.name = \"reduce-on-plateau\" (--set) looks at validation rows: set data.validation or data.validation-fraction, or train.learning-rate-schedule.monitor = train-loss",
        "train.clip-norm=1; train.clip-value=1 | train.clip-norm = 1 (--set) and train.clip-value = 1 (--set) exclude each other: keep one",
        "train.early-stopping.metric=rmse; | train.early-stopping.metric = \"rmse\" (--set) is no metric of a classification: name loss, accuracy, macro-f1, roc-auc, pr-auc",
        "model.task=regression; train.early-stopping.metric=accuracy | train.early-stopping.metric = \"accuracy\" (--set) is no metric of a regression: name loss, rmse, mae",
        "train.trainer=dl4j; model.balance-classes=true | model.balance-classes is set (--set), but DL4J has no weights of rows: leave it out, or train natively",
      })
  void refusesSettingsThatContradictEachOther(String overrides, String message) {
    assertThat(refusal(overrides.split("; ?"))).isEqualTo(message);
  }

  @Test
  void dl4jIsNotRefusedForWeightsThatNobodyAsksFor() throws IOException {
    Settings settings =
        load("train.trainer = dl4j", "model { balance-classes = false, class-weights {} }");
    assertThat(settings.value(Keys.TRAIN_TRAINER)).isEqualTo("dl4j");
  }

  @Test
  void includesFilesRelativeToTheConfAndNothingElse() throws IOException {
    Files.createDirectories(folder.resolve("base"));
    Files.writeString(folder.resolve("base/base.conf"), "include \"more.conf\"\ntrain.epochs = 0");
    Files.writeString(folder.resolve("base/more.conf"), "train.seed = 5");
    assertThat(load("include \"base/base.conf\"", "train.epochs = 2").value(TRAIN_SEED))
        .isEqualTo(5L);
    assertThat(refusal(conf("include file(\"base/base.conf\")")))
        .isEqualTo(
            "train.epochs is 0 (base/base.conf: 2), but must be a whole number of at least 1");
    assertThat(refusal(conf("include \"none.conf\"")))
        .isEqualTo("there is no conf file none.conf (included by my.conf)");
    assertThat(refusal(conf("include \"my.conf\"")))
        .isEqualTo("my.conf includes itself (included by my.conf)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "url(\"http://localhost/x.conf\")",
        "\"http://localhost/x.conf\"",
        "classpath(\"dev/convene/config/reference.conf\")",
        "required(url(\"file:/x.conf\"))"
      })
  void refusesOtherIncludes(String include) throws IOException {
    assertThat(refusal(conf("include " + include)))
        .startsWith("my.conf includes ")
        .endsWith(", but a conf may only include files of this machine");
  }

  @Test
  void anOverrideThatIsASubstitutionIsResolvedAndNotWrittenDown() {
    Settings settings =
        Settings.load(
            null,
            List.of(
                "data.train=${PATH}",
                "data.options.password=${PATH}",
                "train.epochs=${?NO_SUCH_VARIABLE}"));

    assertThat(settings.value(DATA_TRAIN)).containsExactly(System.getenv("PATH"));
    assertThat(settings.value(DATA_OPTIONS)).isEqualTo(Map.of("password", System.getenv("PATH")));
    assertThat(settings.value(TRAIN_EPOCHS)).isEqualTo(15);
    assertThat(settings.toRunAgain())
        .contains("${PATH}", "${?NO_SUCH_VARIABLE}")
        .doesNotContain(System.getenv("PATH"));
  }

  @Test
  void substitutionsSeeTheEnvironmentButNoSystemProperties() throws IOException {
    assertThat(load("data.train = ${PATH}").value(DATA_TRAIN))
        .containsExactly(System.getenv("PATH"));
    assertThat(load("train.epochs = ${?NO_SUCH_VARIABLE}").value(TRAIN_EPOCHS)).isEqualTo(15);
    assertThat(load("data.train = a${?user.name}").value(DATA_TRAIN)).containsExactly("a");
    assertThat(refusal(conf("", "train.epochs = ${PATH}")))
        .startsWith("train.epochs is ")
        .contains(" (my.conf: 2), ");
  }

  @Test
  void describesEverySettingWithItsOrigin() throws IOException {
    Path conf =
        conf("train {", "  epochs = 3", "}", "data.options { password = ${PATH}, sep = \";\" }");
    Settings settings = Settings.load(conf, List.of("data.train=mnist:train", "train.seed=7"));
    String text = settings.describe().replace(folder + "/", "");
    assertThat(text.lines())
        .hasSameSizeAs(Keys.all())
        .contains(
            "data.train = \"mnist:train\"                 # --set",
            "train.epochs = 3                           # my.conf: 2",
            "train.seed = 7                             # --set",
            "train.batch-size = 100                     # default",
            "train.optimizer.beta1 = 0.9                # default of adam",
            "train.optimizer.momentum = null            # adam has none",
            "data.options = {\"password\":${PATH},\"sep\":\";\"} # my.conf: 4");
    Path again = Files.writeString(folder.resolve("again.conf"), text);
    assertThat(Settings.load(again, List.of()).value(TRAIN_SEED)).isEqualTo(7L);
    assertThat(Settings.load(again, List.of()).value(DATA_OPTIONS))
        .isEqualTo(settings.value(DATA_OPTIONS));
  }

  @Test
  void describesOptionsWithoutTheValuesOfSubstitutions() throws IOException {
    Path conf = conf("data.options { header = true }");
    assertThat(Settings.load(conf, List.of("data.options.sep=;")).describe())
        .contains("data.options = {\"header\":true,\"sep\":\";\"}   # --set, " + conf + ": 1\n");
    Path merged =
        conf("data.options = ${?NO_SUCH_VARIABLE}", "data.options { password = ${PATH} }");
    assertThat(Settings.load(merged, List.of()).describe())
        .contains("data.options = {\"password\":\"(hidden)\"}     # ");
    assertThat(refusal(conf("data.options { password = ${PATH}, sep = [] }")))
        .isEqualTo(
            "data.options is {\"password\":${PATH},\"sep\":[]} (my.conf: 1), but must be an object"
                + " of texts");
  }

  @Test
  void isWrittenToRunAgainWithSubstitutionsUnresolved() throws IOException {
    Path conf =
        conf(
            "train { epochs = 3, workers = auto }",
            "data.options { password = ${PATH} }",
            "data.train = ${?NO_SUCH_VARIABLE}\"/x\"");
    Settings settings =
        Settings.load(conf, List.of("train.epochs=4", "data.options.a b=c")).with(TRAIN_WORKERS, 2);
    String text = settings.toRunAgain();
    assertThat(text)
        .contains("${PATH}", "${?NO_SUCH_VARIABLE}")
        .doesNotContain(System.getenv("PATH"));
    Settings again =
        Settings.load(Files.writeString(folder.resolve("again.conf"), text), List.of());
    assertThat(again.value(TRAIN_EPOCHS)).isEqualTo(4);
    assertThat(again.value(TRAIN_WORKERS)).hasValue(2);
    assertThat(again.value(DATA_TRAIN)).containsExactly("/x");
    assertThat(again.value(DATA_OPTIONS))
        .isEqualTo(Map.of("password", System.getenv("PATH"), "a b", "c"));
  }
}
