package dev.convene.config;

import dev.convene.optim.Adam;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Sgd;

/**
 * The optimizers that can be chosen, by their {@link SettingName}s. Which settings each of them
 * has, and their defaults, stands in conf/reference.conf.
 */
public enum OptimizerKind {
  SGD {
    @Override
    Optimizer optimizer(Chosen chosen) {
      return new Sgd(
          chosen.value(Keys.OPTIMIZER_MOMENTUM),
          chosen.value(Keys.OPTIMIZER_DAMPENING),
          chosen.value(Keys.OPTIMIZER_NESTEROV),
          chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY));
    }
  },
  ADAM {
    @Override
    Optimizer optimizer(Chosen chosen) {
      return new Adam(
          chosen.value(Keys.OPTIMIZER_BETA1),
          chosen.value(Keys.OPTIMIZER_BETA2),
          chosen.value(Keys.OPTIMIZER_EPS),
          chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY),
          chosen.value(Keys.OPTIMIZER_AMSGRAD));
    }
  };

  abstract Optimizer optimizer(Chosen chosen);

  /** The chosen optimizer with its chosen hyperparameters. */
  public static Optimizer chosenBy(Chosen chosen) {
    return chosen.value(Keys.OPTIMIZER_NAME).optimizer(chosen);
  }
}
