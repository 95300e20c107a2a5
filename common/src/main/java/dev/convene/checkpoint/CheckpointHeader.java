package dev.convene.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.optim.Plateau;
import dev.convene.train.Averaged;
import dev.convene.train.DivergenceRule;
import dev.convene.train.EarlyStopping;
import dev.convene.train.EpochRecord;
import dev.convene.train.PartialEpoch;
import dev.convene.train.Progress;
import dev.convene.train.TrainingState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * All of a checkpoint but its arrays, whose number and length it has. They come in this order: the
 * parameters, what the optimizer remembers, what the averager remembers, and the best epoch's
 * parameters if there is one.
 *
 * @param length of every array
 * @param optimizerStates arrays that the optimizer remembers
 * @param averagerMemory arrays that the averager remembers
 * @param best epoch so far; 0 if there is none, or epochs are not compared
 * @param recentLosses floats, which JSON's numbers restore exactly as doubles only
 */
record CheckpointHeader(
    Fingerprint fingerprint,
    int length,
    int optimizerStates,
    int averagerMemory,
    int epoch,
    PartialEpoch partial,
    double seconds,
    boolean converged,
    List<EpochRecord> history,
    Plateau.Memory plateau,
    int best,
    double bestValue,
    double initialLoss,
    double firstLoss,
    List<Double> recentLosses,
    boolean divergenceReported) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  static CheckpointHeader of(Fingerprint fingerprint, Progress progress) {
    TrainingState state = progress.averaged().state();
    DivergenceRule.Memory divergence = progress.divergence();
    return new CheckpointHeader(
        fingerprint,
        state.parameters().length,
        state.optimizerStates().length,
        progress.averaged().memory().size(),
        progress.epoch(),
        progress.partial(),
        progress.seconds(),
        progress.isConverged(),
        progress.history(),
        progress.plateau(),
        progress.best().epoch(),
        progress.best().value(),
        divergence.initialLoss(),
        divergence.firstLoss(),
        divergence.recent().stream().map(Float::doubleValue).toList(),
        divergence.reported());
  }

  static CheckpointHeader read(byte[] json) throws IOException {
    try {
      return JSON.readValue(json, CheckpointHeader.class);
    } catch (JsonProcessingException e) {
      throw UnusableCheckpointException.damaged("its header cannot be read", e);
    }
  }

  byte[] write() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  long arrays() {
    return 1L + optimizerStates + averagerMemory + (hasBest() ? 1 : 0);
  }

  private boolean hasBest() {
    return best > 0;
  }

  /** The arrays of a progress in their order. */
  static List<float[]> arrays(Progress progress) {
    List<float[]> arrays = new ArrayList<>();
    arrays.add(progress.averaged().state().parameters());
    arrays.addAll(List.of(progress.averaged().state().optimizerStates()));
    arrays.addAll(progress.averaged().memory());
    if (progress.best().epoch() > 0) {
      arrays.add(progress.best().state().parameters());
    }
    return arrays;
  }

  Progress progress(List<float[]> arrays) {
    int memory = 1 + optimizerStates;
    float[] parameters = arrays.get(0);
    TrainingState state =
        new TrainingState(
            parameters, arrays.subList(1, memory).toArray(new float[optimizerStates][]));
    // Before there is a best epoch nobody asks for its parameters.
    float[] ofBest = hasBest() ? arrays.get(arrays.size() - 1) : parameters;
    return new Progress(
        epoch,
        partial,
        seconds,
        new Averaged(state, arrays.subList(memory, memory + averagerMemory)),
        converged,
        history,
        plateau,
        new EarlyStopping.Best(best, bestValue, TrainingState.initial(ofBest, 0)),
        new DivergenceRule.Memory(
            initialLoss,
            firstLoss,
            recentLosses.stream().map(Double::floatValue).toList(),
            divergenceReported));
  }
}
