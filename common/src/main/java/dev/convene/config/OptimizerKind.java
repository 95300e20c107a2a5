package dev.convene.config;

import dev.convene.optim.Adadelta;
import dev.convene.optim.Adagrad;
import dev.convene.optim.Adam;
import dev.convene.optim.AdamW;
import dev.convene.optim.Adamax;
import dev.convene.optim.Asgd;
import dev.convene.optim.Optimizer;
import dev.convene.optim.RmsProp;
import dev.convene.optim.Rprop;
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
  },
  ADAMW {
    @Override
    Optimizer optimizer(Chosen chosen) {
      return new AdamW(
          chosen.value(Keys.OPTIMIZER_BETA1),
          chosen.value(Keys.OPTIMIZER_BETA2),
          chosen.value(Keys.OPTIMIZER_EPS),
          chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY),
          chosen.value(Keys.OPTIMIZER_AMSGRAD));
    }
  },
  ADAMAX {
    @Override
    Optimizer optimizer(Chosen chosen) {
      return new Adamax(
          chosen.value(Keys.OPTIMIZER_BETA1),
          chosen.value(Keys.OPTIMIZER_BETA2),
          chosen.value(Keys.OPTIMIZER_EPS),
          chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY));
    }
  },
  ADAGRAD {
    @Override
    Optimizer optimizer(Chosen chosen) {
      return new Adagrad(
          chosen.value(Keys.OPTIMIZER_LR_DECAY),
          chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY),
          chosen.value(Keys.OPTIMIZER_EPS));
    }
  },
  ADADELTA {
    @Override
    Optimizer optimizer(Chosen chosen) {
      return new Adadelta(
          chosen.value(Keys.OPTIMIZER_RHO),
          chosen.value(Keys.OPTIMIZER_EPS),
          chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY));
    }
  },
  RMSPROP {
    @Override
    Optimizer optimizer(Chosen chosen) {
      return new RmsProp(
          chosen.value(Keys.OPTIMIZER_ALPHA),
          chosen.value(Keys.OPTIMIZER_EPS),
          chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY),
          chosen.value(Keys.OPTIMIZER_MOMENTUM),
          chosen.value(Keys.OPTIMIZER_CENTERED));
    }
  },
  ASGD {
    @Override
    Optimizer optimizer(Chosen chosen) {
      return new Asgd(
          chosen.value(Keys.OPTIMIZER_LAMBD),
          chosen.value(Keys.OPTIMIZER_ALPHA),
          chosen.value(Keys.OPTIMIZER_T0),
          chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY));
    }
  },
  RPROP {
    @Override
    Optimizer optimizer(Chosen chosen) {
      return new Rprop(
          chosen.value(Keys.OPTIMIZER_ETA_MINUS),
          chosen.value(Keys.OPTIMIZER_ETA_PLUS),
          chosen.value(Keys.OPTIMIZER_MIN_STEP),
          chosen.value(Keys.OPTIMIZER_MAX_STEP));
    }
  };

  abstract Optimizer optimizer(Chosen chosen);

  /** The chosen optimizer with its chosen hyperparameters. */
  public static Optimizer chosenBy(Chosen chosen) {
    return chosen.value(Keys.OPTIMIZER_NAME).optimizer(chosen);
  }
}
