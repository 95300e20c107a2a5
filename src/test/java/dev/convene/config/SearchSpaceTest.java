package dev.convene.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchSpaceTest {
  @TempDir Path folder;

  private Settings load(String conf, String... overrides) throws IOException {
    return Settings.load(
        Files.writeString(folder.resolve("my.conf"), conf), Arrays.asList(overrides));
  }

  private static List<Candidate> candidates(Settings settings) {
    return settings.value(Keys.TUNE_SPACE).candidates(settings);
  }

  private String refusal(String conf) {
    ConveneException refused =
        catchThrowableOfType(ConveneException.class, () -> candidates(load(conf)));
    assertThat(refused).as(conf).isNotNull();
    assertThat(refused.status()).isEqualTo(ExitStatus.USAGE);
    return refused.getMessage().replace(folder + "/", "");
  }

  @Test
  void aGridHasEveryCombination() throws IOException {
    Settings settings =
        load(
            """
            train.epochs = 7
            tune.space {
              "train.optimizer.learning-rate" = [0.1, 0.01]
              model.hidden = [[], [256], [256, 128]]
            }
            """);

    List<Candidate> candidates = candidates(settings);

    assertThat(candidates)
        .extracting(Candidate::describe)
        .containsExactly(
            "model.hidden = [], train.optimizer.learning-rate = 0.1",
            "model.hidden = [], train.optimizer.learning-rate = 0.01",
            "model.hidden = [256], train.optimizer.learning-rate = 0.1",
            "model.hidden = [256], train.optimizer.learning-rate = 0.01",
            "model.hidden = [256,128], train.optimizer.learning-rate = 0.1",
            "model.hidden = [256,128], train.optimizer.learning-rate = 0.01");
    assertThat(candidates).extracting(Candidate::number).containsExactly(1, 2, 3, 4, 5, 6);
    Settings last = candidates.get(5).settings();
    assertThat(last.value(Keys.MODEL_HIDDEN)).containsExactly(256, 128);
    assertThat(last.value(Keys.OPTIMIZER_LEARNING_RATE)).isEqualTo(0.01);
    assertThat(last.value(Keys.TRAIN_EPOCHS)).isEqualTo(7);
  }

  @Test
  void whatASearchChoosesRunsAgain() throws IOException {
    Settings settings =
        load(
            """
            data.train = ${?NOT_SET}
            preprocess.binned = { age = 5 }
            tune.space { "preprocess.binned" = [{ hours = 3 }], train.seed = null }
            """);

    Settings best = candidates(settings).get(0).settings().without("tune");
    Settings again = Settings.parse(best.toRunAgain(), "best.conf");

    assertThat(again.value(Keys.PREPROCESS_BINNED)).hasSize(1).containsEntry("hours", 3);
    assertThat(again.value(Keys.TUNE_SPACE).isEmpty()).isTrue();
    assertThat(best.toRunAgain()).contains("${?NOT_SET}");
  }

  @Test
  void theCommandLineBeatsTheConfHoweverAKeyIsWritten() throws IOException {
    String conf = "tune.space { \"train.epochs\" = [1, 2], model.dropout = [0.1] }";

    assertThat(
            candidates(
                load(conf, "tune.space.train.epochs=[3]", "tune.space.model.dropout=[0.2, 0.3]")))
        .extracting(Candidate::describe)
        .containsExactly(
            "model.dropout = 0.2, train.epochs = 3", "model.dropout = 0.3, train.epochs = 3");
    assertThat(candidates(load(conf, "tune.space.train.epochs=null"))).hasSize(2);
    assertThat(load(conf, "tune.space=null").value(Keys.TUNE_SPACE).isEmpty()).isTrue();
  }

  @Test
  void aRandomSearchDrawsBySeedWithinItsRanges() throws IOException {
    String conf =
        """
        tune { search = random, candidates = 50 }
        tune.space {
          "train.optimizer.learning-rate" { from = 1e-4, to = 0.1, scale = log }
          "model.dropout" { from = 0, to = 0.5 }
          "train.batch-size" { from = 16, to = 256, scale = log }
          "model.activation" = [relu, tanh]
        }
        """;

    List<Candidate> drawn = candidates(load(conf));

    assertThat(drawn).hasSize(50);
    assertThat(new HashSet<>(drawn.stream().map(Candidate::values).toList())).hasSize(50);
    assertThat(drawn)
        .allSatisfy(
            candidate -> {
              Settings settings = candidate.settings();
              assertThat(settings.value(Keys.OPTIMIZER_LEARNING_RATE)).isBetween(1e-4, 0.1);
              assertThat(settings.value(Keys.MODEL_DROPOUT).rates().get(0)).isBetween(0.0, 0.5);
              assertThat(settings.value(Keys.TRAIN_BATCH_SIZE).getAsInt()).isBetween(16, 256);
            });
    // A third of the sizes is below 1e-3, as many as between 1e-3 and 1e-2: 16.7, give or take 3.3.
    assertThat(
            drawn.stream()
                .filter(c -> c.settings().value(Keys.OPTIMIZER_LEARNING_RATE) < 1e-3)
                .count())
        .isBetween(7L, 27L);
    assertThat(drawn)
        .extracting(candidate -> candidate.values().get("model.activation"))
        .contains("\"relu\"", "\"tanh\"");
    assertThat(candidates(load(conf)))
        .extracting(Candidate::values)
        .isEqualTo(drawn.stream().map(Candidate::values).toList());
    assertThat(candidates(load(conf, "train.seed=2")).get(0).values())
        .isNotEqualTo(drawn.get(0).values());
  }

  @Test
  void aRandomSearchOfFewCombinationsTriesEachOnce() throws IOException {
    assertThat(
            candidates(
                load(
                    "tune { search = random, space { model.dropout = [0, 0.5], train.shuffle ="
                        + " [true] } }")))
        .extracting(Candidate::describe)
        .containsExactlyInAnyOrder(
            "model.dropout = 0, train.shuffle = true", "model.dropout = 0.5, train.shuffle = true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tune.space { train.optimiser.learning-rate = [1] } | unknown setting train.optimiser.learning-rate (my.conf: 1); the nearest known one is train.optimizer.learning-rate",
        "tune.space { \"model.hiden\" = [[1]] }             | unknown setting model.hiden (my.conf: 1); the nearest known one is model.hidden",
        "tune.space { train.optimizer = [adam] }            | train.optimizer (my.conf: 1) is a group of settings and takes no value of its own",
        "tune.space { model.hidden = [] }                   | tune.space has no value for model.hidden (my.conf: 1): list some, or leave it out",
        "tune.space { model.dropout = [0.5, 1] }            | tune.space has 1 for model.dropout (my.conf: 1), which must be a number in [0, 1), or a list of such numbers",
        "tune.space { model.hidden = [64, 32] }             | tune.space has 64 for model.hidden (my.conf: 1), which must be a list of whole numbers of at least 1",
        "tune.space { output.dir = [a, b] }                 | tune.space has output.dir (my.conf: 1), which must be the same for all candidates: search settings of preprocess, model and train",
        "tune.space { tune.eta = [2, 3] }                   | tune.space has tune.eta (my.conf: 1), which must be the same for all candidates: search settings of preprocess, model and train",
        "tune.space { data.test = [a, b] }                  | tune.space has data.test (my.conf: 1), which must be the same for all candidates: search settings of preprocess, model and train",
        "tune.space { data.validation-fraction = [0.1] }    | tune.space has data.validation-fraction (my.conf: 1), which must be the same for all candidates: search settings of preprocess, model and train",
        "tune.space { train.seed = [1, 2] }                 | tune.space has train.seed (my.conf: 1), which must be the same for all candidates: search settings of preprocess, model and train",
        "tune.space { data.features = [[a], [b]] }          | tune.space has data.features (my.conf: 1), which changes the rows that data.validation-fraction sets aside: name rows to validate on by data.validation",
        "tune.space { model.dropout { from = 0, to = 0.5 } } | tune.space has a range for model.dropout (my.conf: 1), but a grid needs lists of values: list some, or set tune.search = random",
        "tune { search = random, space { model.dropout { from = 0.5, to = 0.1 } } } | tune.space has a range from 0.5 to 0.1 for model.dropout (my.conf: 1): it must go up",
        "tune { search = random, space { model.dropout { from = 0, to = 0.5, scale = log } } } | tune.space has a range from 0.0 to 0.5 for model.dropout (my.conf: 1): it must go up from above 0",
        "tune { search = random, space { model.dropout { from = 0, to = 2 } } } | tune.space has 2.0 for model.dropout (my.conf: 1), which must be a number in [0, 1), or a list of such numbers",
        "tune { search = random, space { model.dropout { from = 0 } } } | tune.space is {\"model\":{\"dropout\":{\"from\":0}}} (my.conf: 1), but must be an object of lists of values, or of ranges { from = 0.001, to = 0.1, scale = log }",
        "tune.space { model.dropout = 0.5 }                 | tune.space is {\"model\":{\"dropout\":0.5}} (my.conf: 1), but must be an object of lists of values, or of ranges { from = 0.001, to = 0.1, scale = log }",
        "tune.space { train.optimizer.name = [sgd, adam], train.optimizer.momentum = [0.9] } | candidate train.optimizer.momentum = 0.9, train.optimizer.name = \"adam\": train.optimizer.momentum is set (my.conf: 1), but optimizer adam has no momentum; it has learning-rate, weight-decay, beta1, beta2, eps, amsgrad; sgd, rmsprop have it",
        "tune.eta = 1                                       | tune.eta is 1 (my.conf: 1), but must be a whole number of at least 2",
        "tune.search = best                                 | tune.search is \"best\" (my.conf: 1), but must be grid or random",
        "tune.spaces = [1]                                  | unknown setting tune.spaces (my.conf: 1); the nearest known one is tune.space",
      })
  void aWrongSpaceIsRefused(String conf, String message) {
    assertThat(refusal(conf)).isEqualTo(message);
  }

  @Test
  void aGridOfTooManyIsRefused() {
    String ten = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    String conf =
        "tune.space { train.epochs = %1$s, train.batch-size = %1$s, train.averaging.period = %1$s,"
            + " train.workers = [1, 2] }";

    assertThat(refusal(conf.formatted(ten)))
        .isEqualTo(
            "tune.space makes more than 1000 candidates: list fewer values, or set tune.search ="
                + " random");
  }

  @Test
  void dataMayDifferWhereValidationRowsAreOfTheirOwn() throws IOException {
    assertThat(
            candidates(
                load("data.validation = v.csv, tune.space { data.features = [[a], [a, b]] }")))
        .extracting(candidate -> candidate.settings().value(Keys.DATA_FEATURES))
        .containsExactly(List.of("a"), List.of("a", "b"));
  }
}
