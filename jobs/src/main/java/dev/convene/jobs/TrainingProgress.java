package dev.convene.jobs;

import dev.convene.nn.DenseLayer;
import dev.convene.nn.Network;
import dev.convene.train.EpochRecord;
import dev.convene.train.Round;
import dev.convene.train.TrainingListener;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prints the network as a table, then one line an epoch; on a terminal a bar shows how far the
 * epoch is.
 */
class TrainingProgress implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingProgress.class);

  private final int epochs;
  private ProgressBar bar;

  TrainingProgress(int epochs) {
    this.epochs = epochs;
  }

  @Override
  public void networkBuilt(Network network) {
    String row = "%-8s %-14s %-16s %12s%n";
    System.out.printf(row, "layer", "shape", "activation", "parameters");
    List<DenseLayer> layers = network.layers();
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      boolean isLast = i == layers.size() - 1;
      System.out.printf(
          Locale.ROOT,
          "%-8s %-14s %-16s %,12d%n",
          "dense " + (i + 1),
          layer.inputs() + " -> " + layer.outputs(),
          isLast ? last(network) : hidden(network),
          layer.parameterCount());
    }
    System.out.printf(Locale.ROOT, "%-40s %,12d%n", "all", network.parameterCount());
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
  public void epochEnded(EpochRecord epoch) {
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
  public void warn(String message) {
    LOG.warn(message);
  }

  private static void append(StringBuilder line, String format, Double value) {
    if (value != null) {
      line.append(String.format(Locale.ROOT, format, value));
    }
  }

  private static String hidden(Network network) {
    String activation = network.activation().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return network.dropout() == 0 ? activation : activation + ", dropout";
  }

  private static String last(Network network) {
    return switch (network.loss()) {
      case SOFTMAX_CROSS_ENTROPY -> "softmax";
      case MEAN_SQUARED_ERROR -> "none";
    };
  }
}
