package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Candidate;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.ml.NetworkTraining;
import dev.convene.train.EpochRecord;
import dev.convene.train.Progress;
import dev.convene.train.TrainingListener;
import dev.convene.tune.RungResult;
import dev.convene.tune.RungTraining;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains the candidates of a search, those that agree about rows on the same ones. */
final class CandidateTrainings implements RungTraining, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CandidateTrainings.class);

  private final List<Candidate> candidates;
  private final List<ConfiguredEstimator> networks;
  private final SparkSession spark;
  private final Map<Map<String, String>, SharedRows> rows = new HashMap<>();

  /** Of those that are trained here and not retired. */
  private final Map<Integer, Begun> begun = new HashMap<>();

  private final Set<Integer> retired = new HashSet<>();

  private record Begun(NetworkTraining training, Progress progress) {}

  /**
   * @param networks of the candidates, in their order
   */
  CandidateTrainings(
      List<Candidate> candidates, List<ConfiguredEstimator> networks, SparkSession spark) {
    this.candidates = candidates;
    this.networks = networks;
    this.spark = spark;
  }

  @Override
  public RungResult train(int candidate, int rung, int epochs) {
    Begun current = begin(candidate);
    long start = System.nanoTime();
    NetworkTraining training = current.training;
    Progress progress = current.progress;
    Optional<EpochRecord> judged;
    try {
      while (progress.epoch() < epochs && !training.isFinished(progress)) {
        progress = training.epoch(progress);
      }
      keep(candidate, new Begun(training, progress));
      judged = judged(candidate, progress);
    } catch (ConveneException e) {
      if (e.status() != ExitStatus.DIVERGED) {
        throw e;
      }
      LOG.warn("Candidate {}: {}", candidate, e.getMessage());
      judged = Optional.empty();
    }
    return new RungResult(
        rung,
        candidate,
        progress.epoch(),
        judged.map(EpochRecord::trainLoss).orElse(Double.NaN),
        judged.map(EpochRecord::validationLoss).orElse(Double.NaN),
        judged.map(EpochRecord::validationAccuracy).orElse(Double.NaN),
        (System.nanoTime() - start) / 1e9);
  }

  /** The epoch whose parameters would be kept; empty if there is none worth it. */
  private Optional<EpochRecord> judged(int candidate, Progress progress) {
    boolean keepsBest = settings(candidate).value(Keys.EARLY_STOPPING_PATIENCE) > 0;
    int epoch = keepsBest ? progress.best().epoch() : progress.epoch();
    return epoch == 0 ? Optional.empty() : Optional.of(progress.history().get(epoch - 1));
  }

  private Settings settings(int candidate) {
    return candidates.get(candidate - 1).settings();
  }

  /** Its rows are prepared by the first that needs them, while others wait. */
  private synchronized Begun begin(int candidate) {
    return begun.computeIfAbsent(
        candidate,
        number -> {
          ConfiguredEstimator network = networks.get(number - 1);
          SharedRows shared =
              rows.computeIfAbsent(
                  SharedRows.concerns(settings(number)),
                  concerns -> SharedRows.deal(settings(number), network, spark));
          NetworkTraining training = shared.training(network, new Warnings(number));
          return new Begun(training, training.start());
        });
  }

  private synchronized void keep(int candidate, Begun current) {
    begun.put(candidate, current);
  }

  @Override
  public synchronized void retire(int candidate) {
    begun.remove(candidate);
    if (retired.add(candidate)) {
      Map<String, String> concerns = SharedRows.concerns(settings(candidate));
      boolean areNeeded =
          candidates.stream()
              .filter(other -> !retired.contains(other.number()))
              .anyMatch(other -> SharedRows.concerns(other.settings()).equals(concerns));
      if (!areNeeded && rows.containsKey(concerns)) {
        rows.remove(concerns).close();
      }
    }
  }

  @Override
  public synchronized void close() {
    rows.values().forEach(SharedRows::close);
    rows.clear();
  }

  private record Warnings(int candidate) implements TrainingListener {
    @Override
    public void warn(String message) {
      LOG.warn("Candidate {}: {}", candidate, message);
    }
  }
}
