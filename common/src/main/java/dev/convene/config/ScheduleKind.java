package dev.convene.config;

import dev.convene.optim.CosLog4;
import dev.convene.optim.CosineAnnealing;
import dev.convene.optim.CurveSchedule;
import dev.convene.optim.ExponentialDecay;
import dev.convene.optim.FlatCurve;
import dev.convene.optim.MultiStepDecay;
import dev.convene.optim.OneCycle;
import dev.convene.optim.Plateau;
import dev.convene.optim.RateCurve;
import dev.convene.optim.Schedule;
import dev.convene.optim.StepDecay;
import java.util.OptionalInt;

/**
 * The schedules that can be chosen, by their {@link SettingName}s. Which settings each of them has,
 * and their defaults, stands in conf/reference.conf.
 */
public enum ScheduleKind {
  CONSTANT,
  STEP {
    @Override
    RateCurve curve(Chosen chosen) {
      return new StepDecay(
          chosen.value(Keys.SCHEDULE_STEP_SIZE), chosen.value(Keys.SCHEDULE_GAMMA));
    }
  },
  MULTI_STEP {
    @Override
    RateCurve curve(Chosen chosen) {
      return new MultiStepDecay(
          chosen.value(Keys.SCHEDULE_MILESTONES), chosen.value(Keys.SCHEDULE_GAMMA));
    }
  },
  EXPONENTIAL {
    @Override
    RateCurve curve(Chosen chosen) {
      return new ExponentialDecay(chosen.value(Keys.SCHEDULE_GAMMA));
    }
  },
  COSINE {
    @Override
    RateCurve curve(Chosen chosen) {
      return new CosineAnnealing(chosen.value(Keys.SCHEDULE_ETA_MIN));
    }

    @Override
    OptionalInt length(Chosen chosen) {
      return chosen.value(Keys.SCHEDULE_T_MAX);
    }
  },
  ONE_CYCLE {
    @Override
    RateCurve curve(Chosen chosen) {
      return new OneCycle(
          chosen.value(Keys.SCHEDULE_PCT_START),
          chosen.value(Keys.SCHEDULE_DIV_FACTOR),
          chosen.value(Keys.SCHEDULE_FINAL_DIV_FACTOR),
          chosen.value(Keys.SCHEDULE_ANNEAL_STRATEGY).equals("linear"),
          chosen.value(Keys.SCHEDULE_THREE_PHASE));
    }

    @Override
    OptionalInt length(Chosen chosen) {
      return chosen.value(Keys.SCHEDULE_TOTAL_STEPS);
    }
  },
  COSLOG4 {
    @Override
    RateCurve curve(Chosen chosen) {
      return new CosLog4();
    }

    @Override
    OptionalInt length(Chosen chosen) {
      return chosen.value(Keys.SCHEDULE_TOTAL_STEPS);
    }
  },
  REDUCE_ON_PLATEAU {
    @Override
    Plateau plateau(Chosen chosen) {
      return new Plateau(
          chosen.value(Keys.OPTIMIZER_LEARNING_RATE),
          chosen.value(Keys.SCHEDULE_FACTOR),
          chosen.value(Keys.SCHEDULE_PATIENCE),
          chosen.value(Keys.SCHEDULE_THRESHOLD),
          chosen.value(Keys.SCHEDULE_THRESHOLD_MODE).equals("rel"),
          chosen.value(Keys.SCHEDULE_COOLDOWN),
          chosen.value(Keys.SCHEDULE_MIN_LR),
          chosen.value(Keys.SCHEDULE_MONITOR).equals("validation-loss"));
    }
  };

  RateCurve curve(Chosen chosen) {
    return new FlatCurve();
  }

  OptionalInt length(Chosen chosen) {
    return OptionalInt.empty();
  }

  Plateau plateau(Chosen chosen) {
    return Plateau.NONE;
  }

  /** The chosen schedule with its chosen settings, but for what depends on losses. */
  public static Schedule chosenBy(Chosen chosen) {
    ScheduleKind kind = chosen.value(Keys.SCHEDULE_NAME);
    return new CurveSchedule(
        chosen.value(Keys.OPTIMIZER_LEARNING_RATE),
        kind.curve(chosen),
        chosen.value(Keys.SCHEDULE_UNIT).equals("epoch"),
        kind.length(chosen).orElse(CurveSchedule.TO_THE_END),
        chosen.value(Keys.SCHEDULE_WARM_UP),
        chosen.value(Keys.SCHEDULE_WARM_UP_FACTOR));
  }

  /** What of the chosen schedule depends on losses. */
  public static Plateau plateauChosenBy(Chosen chosen) {
    return chosen.value(Keys.SCHEDULE_NAME).plateau(chosen);
  }
}
