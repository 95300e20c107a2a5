package dev.convene.train;

import java.util.List;

/**
 * The mean itself: local SGD with periodic averaging, as in McMahan et al.,
 * "Communication-efficient learning of deep networks from decentralized data", 2017. It remembers
 * nothing.
 */
public record PlainAverage() implements Averager {
  @Override
  public Averaged initial(TrainingState state) {
    return new Averaged(state, List.of());
  }

  @Override
  public Averaged next(Averaged before, TrainingState mean) {
    return new Averaged(mean, List.of());
  }

  @Override
  public TrainingState result(Averaged averaged) {
    return averaged.state();
  }
}
