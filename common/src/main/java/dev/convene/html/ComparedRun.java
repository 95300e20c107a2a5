package dev.convene.html;

import dev.convene.train.EpochRecord;
import java.util.List;
import java.util.Map;

/**
 * A run that is compared with others.
 *
 * @param name that tells it from the others
 * @param history an element per epoch
 * @param settings that differ from the others', by their keys; without those that it was not given
 * @param metrics by their names; without those that it does not have
 */
public record ComparedRun(
    String name,
    List<EpochRecord> history,
    Map<String, String> settings,
    Map<String, Double> metrics) {

  public ComparedRun {
    history = List.copyOf(history);
    settings = Map.copyOf(settings);
    metrics = Map.copyOf(metrics);
  }
}
