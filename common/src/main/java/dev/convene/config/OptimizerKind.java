package dev.convene.config;

import dev.convene.optim.Adadelta;
import dev.convene.optim.Adagrad;
import dev.convene.optim.Adam;
import dev.convene.optim.AdamW;
import dev.convene.optim.Adamax;
import dev.convene.optim.Asgd;
import dev.convene.optim.Lbfgs;
import dev.convene.optim.Optimizer;
import dev.convene.optim.RmsProp;
import dev.convene.optim.Rprop;
import dev.convene.optim.Sgd;
import dev.convene.optim.SparseAdam;
import java.util.Optional;

/**
 * The optimizers that can be chosen, by their {@link SettingName}s. Which settings each of them
 * has, and their defaults, stands in conf/reference.conf.
 */
public enum OptimizerKind {
  SGD {
    @Override
    Optional<Optimizer> stepwise(Chosen chosen) {
      return Optional.of(
          new Sgd(
              chosen.value(Keys.OPTIMIZER_MOMENTUM),
              chosen.value(Keys.OPTIMIZER_DAMPENING),
              chosen.value(Keys.OPTIMIZER_NESTEROV),
              chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY)));
    }
  },
  ADAM {
    @Override
    Optional<Optimizer> stepwise(Chosen chosen) {
      return Optional.of(
          new Adam(
              chosen.value(Keys.OPTIMIZER_BETA1),
              chosen.value(Keys.OPTIMIZER_BETA2),
              chosen.value(Keys.OPTIMIZER_EPS),
              chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY),
              chosen.value(Keys.OPTIMIZER_AMSGRAD)));
    }
  },
  ADAMW {
    @Override
    Optional<Optimizer> stepwise(Chosen chosen) {
      return Optional.of(
          new AdamW(
              chosen.value(Keys.OPTIMIZER_BETA1),
              chosen.value(Keys.OPTIMIZER_BETA2),
              chosen.value(Keys.OPTIMIZER_EPS),
              chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY),
              chosen.value(Keys.OPTIMIZER_AMSGRAD)));
    }
  },
  SPARSE_ADAM {
    @Override
    Optional<Optimizer> stepwise(Chosen chosen) {
      return Optional.of(
          new SparseAdam(
              chosen.value(Keys.OPTIMIZER_BETA1),
              chosen.value(Keys.OPTIMIZER_BETA2),
              chosen.value(Keys.OPTIMIZER_EPS)));
    }
  },
  ADAMAX {
    @Override
    Optional<Optimizer> stepwise(Chosen chosen) {
      return Optional.of(
          new Adamax(
              chosen.value(Keys.OPTIMIZER_BETA1),
              chosen.value(Keys.OPTIMIZER_BETA2),
              chosen.value(Keys.OPTIMIZER_EPS),
              chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY)));
    }
  },
  ADAGRAD {
    @Override
    Optional<Optimizer> stepwise(Chosen chosen) {
      return Optional.of(
          new Adagrad(
              chosen.value(Keys.OPTIMIZER_LR_DECAY),
              chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY),
              chosen.value(Keys.OPTIMIZER_EPS)));
    }
  },
  ADADELTA {
    @Override
    Optional<Optimizer> stepwise(Chosen chosen) {
      return Optional.of(
          new Adadelta(
              chosen.value(Keys.OPTIMIZER_RHO),
              chosen.value(Keys.OPTIMIZER_EPS),
              chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY)));
    }
  },
  RMSPROP {
    @Override
    Optional<Optimizer> stepwise(Chosen chosen) {
      return Optional.of(
          new RmsProp(
              chosen.value(Keys.OPTIMIZER_ALPHA),
              chosen.value(Keys.OPTIMIZER_EPS),
              chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY),
              chosen.value(Keys.OPTIMIZER_MOMENTUM),
              chosen.value(Keys.OPTIMIZER_CENTERED)));
    }
  },
  ASGD {
    @Override
    Optional<Optimizer> stepwise(Chosen chosen) {
      return Optional.of(
          new Asgd(
              chosen.value(Keys.OPTIMIZER_LAMBD),
              chosen.value(Keys.OPTIMIZER_ALPHA),
              chosen.value(Keys.OPTIMIZER_T0),
              chosen.value(Keys.OPTIMIZER_WEIGHT_DECAY)));
    }
  },
  RPROP {
    @Override
    Optional<Optimizer> stepwise(Chosen chosen) {
      return Optional.of(
          new Rprop(
              chosen.value(Keys.OPTIMIZER_ETA_MINUS),
              chosen.value(Keys.OPTIMIZER_ETA_PLUS),
              chosen.value(Keys.OPTIMIZER_MIN_STEP),
              chosen.value(Keys.OPTIMIZER_MAX_STEP)));
    }
  },
  LBFGS;

  Optional<Optimizer> stepwise(Chosen chosen) {
    return Optional.empty();
  }

  /**
   * The chosen optimizer with its chosen hyperparameters, if it makes a step of each minibatch:
   * L-BFGS does not, see {@link #lbfgsChosenBy}.
   */
  public static Optional<Optimizer> chosenBy(Chosen chosen) {
    return chosen.value(Keys.OPTIMIZER_NAME).stepwise(chosen);
  }

  /** L-BFGS, which is chosen, with its chosen hyperparameters. */
  public static Lbfgs lbfgsChosenBy(Chosen chosen) {
    return new Lbfgs(
        chosen.value(Keys.OPTIMIZER_HISTORY_SIZE), chosen.value(Keys.OPTIMIZER_LEARNING_RATE));
  }
}
