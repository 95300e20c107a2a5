package dev.convene.jobs;

import dev.convene.config.Candidate;
import dev.convene.config.SettingName;
import dev.convene.report.TextTable;
import dev.convene.tune.RateTrial;
import dev.convene.tune.RungResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the job tune found, as tables for a terminal. */
final class TuneTables {
  private static final int BAR = 20;

  private TuneTables() {}

  /**
   * A line per learning rate.
   *
   * @param lossBefore the validation loss before training, which is as long as a bar can be
   */
  static String ofRates(List<RateTrial> trials, double lossBefore) {
    boolean classifies = trials.stream().anyMatch(trial -> !isNone(trial.validationAccuracy()));
    List<List<String>> lines = new ArrayList<>();
    lines.add(line("learning rate", "training loss", "validation loss", "accuracy", classifies));
    for (RateTrial trial : trials) {
      lines.add(
          line(
              TextTable.plain(trial.rate()),
              loss(trial.trainLoss()),
              loss(trial.validationLoss()),
              accuracy(trial.validationAccuracy()),
              classifies));
    }
    List<String> numbers = TextTable.of(lines).lines().toList();
    StringBuilder table = new StringBuilder(numbers.get(0)).append('\n');
    for (int i = 0; i < trials.size(); i++) {
      String verdict = SettingName.of(trials.get(i).verdict()).replace('-', ' ');
      String bar = bar(trials.get(i).validationLoss() / lossBefore);
      table.append("%s  %-13s  %s".formatted(numbers.get(i + 1), verdict, bar).stripTrailing());
      table.append('\n');
    }
    return table.toString();
  }

  private static List<String> line(
      String rate, String trainLoss, String loss, String accuracy, boolean classifies) {
    return classifies ? List.of(rate, trainLoss, loss, accuracy) : List.of(rate, trainLoss, loss);
  }

  private static String bar(double share) {
    return isNone(share) ? "" : "#".repeat((int) Math.round(BAR * Math.min(1, share)));
  }

  /**
   * A line per candidate.
   *
   * @param results best first
   */
  static String ofCandidates(List<RungResult> results, List<Candidate> candidates) {
    List<String> header = new ArrayList<>(List.of("candidate"));
    header.addAll(candidates.get(0).values().keySet());
    header.addAll(List.of("epochs", "validation loss", "accuracy"));
    List<List<String>> lines = new ArrayList<>(List.of(header));
    for (RungResult result : results) {
      List<String> line = new ArrayList<>(List.of(String.valueOf(result.candidate())));
      line.addAll(candidates.get(result.candidate() - 1).values().values());
      line.add(String.valueOf(result.epochs()));
      line.add(result.hasDiverged() ? "diverged" : loss(result.validationLoss()));
      line.add(accuracy(result.validationAccuracy()));
      lines.add(line);
    }
    return TextTable.of(lines);
  }

  /** Such as {@code validation loss 0.071234, accuracy 0.9803}. */
  static String describe(RungResult result) {
    if (result.hasDiverged()) {
      return "diverged";
    }
    String loss = "validation loss " + loss(result.validationLoss());
    return isNone(result.validationAccuracy())
        ? loss
        : loss + ", accuracy " + accuracy(result.validationAccuracy());
  }

  private static String loss(double value) {
    return isNone(value) ? "-" : String.format(Locale.ROOT, "%.6g", value);
  }

  private static String accuracy(double value) {
    return isNone(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static boolean isNone(double value) {
    return !Double.isFinite(value);
  }
}
