package dev.convene.jobs;

import dev.convene.config.SettingName;
import dev.convene.nn.LayerSummary;
import dev.convene.nn.Network;
import dev.convene.train.EpochRecord;
import dev.convene.train.Progress;
import dev.convene.train.Round;
import dev.convene.train.TrainingEnd;
import dev.convene.train.TrainingListener;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prints the network as a table, then one line an epoch; on a terminal a bar shows how far the
 * epoch is.
 */
class ProgressDisplay implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressDisplay.class);

  private final int epochs;
  private final RunClock clock;
  private double secondsOfRounds;
  private ProgressBar bar;
  private TrainingEnd end;
  private String resumption;

  ProgressDisplay(int epochs, RunClock clock) {
    this.epochs = epochs;
    this.clock = clock;
  }

  @Override
  public void networkBuilt(Network network) {
    List<LayerSummary> layers = network.summary();
    int name = longest(layers, LayerSummary::name, 8);
    int shape = longest(layers, LayerSummary::shape, 14);
    int activation = longest(layers, LayerSummary::activation, 16);
    String row = "%-" + name + "s %-" + shape + "s %-" + activation + "s %12s%n";
    System.out.printf(row, "layer", "shape", "activation", "parameters");
    for (LayerSummary layer : layers) {
      System.out.printf(
          row, layer.name(), layer.shape(), layer.activation(), grouped(layer.parameters()));
    }
    System.out.printf(row, "all", "", "", grouped(network.parameterCount()));
  }

  private static int longest(
      List<LayerSummary> layers, Function<LayerSummary, String> column, int atLeast) {
    return layers.stream().map(column).mapToInt(String::length).reduce(atLeast, Math::max);
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  @Override
  @SuppressWarnings("SystemConsoleNull") // JDK 22, which sees a console everywhere, shows the bar.
  public void roundEnded(Round round, int roundsOfEpoch) {
    if (System.console() == null) {
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("epoch " + round.epoch() + "/" + epochs)
              .setInitialMax(roundsOfEpoch)
              .setUnit(" rounds", 1)
              .clearDisplayOnFinish()
              .build();
    }
    bar.stepTo(round.number());
    if (round.number() == roundsOfEpoch) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public void trainingStarted() {
    clock.end("dealing rows into shards");
  }

  @Override
  public void resumed(Progress from) {
    int rounds = from.partial().rounds();
    resumption =
        "training goes on after epoch %d%s of %d"
            .formatted(
                from.epoch(), rounds == 0 ? "" : ", round " + rounds + " of the next,", epochs);
    System.out.println(resumption);
  }

  @Override
  public void epochEnded(EpochRecord epoch) {
    secondsOfRounds += epoch.seconds();
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT, "epoch %d/%d  loss %.6f", epoch.epoch(), epochs, epoch.trainLoss()));
    append(line, "  accuracy %.4f", epoch.trainAccuracy());
    append(line, "  validation loss %.6f", epoch.validationLoss());
    append(line, "  validation accuracy %.4f", epoch.validationAccuracy());
    append(line, "  %.2f s", epoch.seconds());
    System.out.println(line);
  }

  @Override
  public void trainingEnded(TrainingEnd how) {
    end = how;
    clock.end("training and averaging", secondsOfRounds, "validating, keeping checkpoints");
    if (how.cause() == TrainingEnd.Cause.TIME_LIMIT) {
      System.out.println("no further epoch: the time is up");
    }
    if (how.best() != null) {
      System.out.printf(
          Locale.ROOT,
          "kept epoch %d, the best by validation %s: %.6f%n",
          how.epoch(),
          SettingName.of(how.metric()),
          how.best());
    }
  }

  /** Where an earlier training went on, if one did. */
  Optional<String> resumption() {
    return Optional.ofNullable(resumption);
  }

  /** How the training ended, when it has. */
  TrainingEnd end() {
    return end;
  }

  @Override
  public void warn(String message) {
    LOG.warn(message);
  }

  private static void append(StringBuilder line, String format, Double value) {
    if (value != null) {
      line.append(String.format(Locale.ROOT, format, value));
    }
  }
}
