package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.optim.Adadelta;
import dev.convene.optim.Adagrad;
import dev.convene.optim.Adam;
import dev.convene.optim.Adamax;
import dev.convene.optim.Optimizer;
import dev.convene.optim.RmsProp;
import dev.convene.optim.Schedule;
import dev.convene.optim.Sgd;
import dev.convene.train.Round;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * What DL4J has for an optimizer. Where their definitions differ:
 *
 * <ul>
 *   <li>Adam and AMSGrad: DL4J adds eps to the root of the biased mean square, we (as PyTorch) to
 *       the unbiased one's: its eps is ours times sqrt(1 - beta2^step). AMSGrad takes the largest
 *       biased mean square in both.
 *   <li>AdaMax: DL4J does not add eps to the size of a gradient, but 1e-32 to the largest size.
 *   <li>AdaGrad and RmsProp: what DL4J's remember begins at eps, ours at 0, as do the rounds here.
 *   <li>AdaDelta: DL4J's has no learning rate, as in Zeiler's paper: it is 1.
 *   <li>Nesterov's momentum: DL4J's velocity is ours times minus the learning rate; the steps are
 *       the same as long as the rate is.
 *   <li>The weight-decay is an L2 penalty of weights and biases, in both added to the gradient
 *       before the optimizer sees it.
 * </ul>
 *
 * @param l2 penalty of weights and biases
 */
record EquivalentUpdater(IUpdater updater, double l2) {
  /**
   * With the same learning rate in all steps.
   *
   * @throws ConveneException (usage) for an optimizer that DL4J does not have
   */
  static EquivalentUpdater of(Optimizer optimizer, double rate) {
    if (optimizer instanceof Adam adam) {
      IUpdater updater =
          adam.amsgrad()
              ? new AMSGrad(rate, adam.beta1(), adam.beta2(), adam.eps())
              : new org.nd4j.linalg.learning.config.Adam(
                  rate, adam.beta1(), adam.beta2(), adam.eps());
      return new EquivalentUpdater(updater, adam.weightDecay());
    }
    if (optimizer instanceof Adamax adamax) {
      return new EquivalentUpdater(
          new AdaMax(rate, adamax.beta1(), adamax.beta2(), adamax.eps()), adamax.weightDecay());
    }
    if (optimizer instanceof Adagrad adagrad && adagrad.lrDecay() == 0) {
      return new EquivalentUpdater(new AdaGrad(rate, adagrad.eps()), adagrad.weightDecay());
    }
    if (optimizer instanceof Adadelta adadelta) {
      return new EquivalentUpdater(
          new AdaDelta(adadelta.rho(), adadelta.eps()), adadelta.weightDecay());
    }
    if (optimizer instanceof RmsProp rmsProp && !rmsProp.centered() && rmsProp.momentum() == 0) {
      return new EquivalentUpdater(
          new org.nd4j.linalg.learning.config.RmsProp(rate, rmsProp.alpha(), rmsProp.eps()),
          rmsProp.weightDecay());
    }
    if (optimizer instanceof Sgd sgd && sgd.momentum() == 0) {
      return new EquivalentUpdater(
          new org.nd4j.linalg.learning.config.Sgd(rate), sgd.weightDecay());
    }
    if (optimizer instanceof Sgd sgd && sgd.nesterov()) {
      return new EquivalentUpdater(new Nesterovs(rate, sgd.momentum()), sgd.weightDecay());
    }
    throw ConveneException.usage(
        "DL4J has no %s like this: with train.trainer = dl4j use adam, adamax, adadelta, adagrad "
            + "without lr-decay, rmsprop with neither momentum nor centered, or sgd without "
            + "momentum or with nesterov = true",
        optimizer.getClass().getSimpleName());
  }

  /**
   * In a round, in which each step has its own learning rate.
   *
   * @throws ConveneException (usage) also for a learning rate that DL4J's optimizer does not take
   */
  static EquivalentUpdater of(Optimizer optimizer, Schedule schedule, Round round) {
    ScheduledRate rates = new ScheduledRate(schedule, round);
    DoubleStream ofSteps =
        IntStream.range(round.firstMinibatch(), round.endMinibatch()).mapToDouble(rates::rate);
    EquivalentUpdater steps = of(optimizer, rates.rate(round.firstMinibatch()));
    if (optimizer instanceof Adadelta) {
      if (ofSteps.anyMatch(rate -> rate != 1)) {
        throw ConveneException.usage(
            "DL4J's AdaDelta has no learning rate: with train.trainer = dl4j set "
                + "train.optimizer.learning-rate = 1 and no schedule");
      }
    } else if (!(steps.updater() instanceof Nesterovs)) {
      steps.updater().setLrAndSchedule(Double.NaN, rates);
    }
    return steps;
  }
}
