package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.optim.Adam;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Schedule;
import dev.convene.optim.Sgd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;

/** The optimizer that Params describe; what is not set has PyTorch's default. */
final class OptimizerParams {
  private static final double DEFAULT_RATE = 0.001;

  private final NeuralNetworkParams params;

  private OptimizerParams(NeuralNetworkParams params) {
    this.params = params;
  }

  /**
   * @throws ConveneException (usage) if a Param of another optimizer is set, or Nesterov's momentum
   *     lacks momentum or has dampening
   */
  static Optimizer optimizer(NeuralNetworkParams params) {
    return new OptimizerParams(params).optimizer();
  }

  /** The schedule of its rates. */
  static Schedule schedule(NeuralNetworkParams params) {
    return Schedule.constant(
        new OptimizerParams(params).number(params.learningRate(), DEFAULT_RATE));
  }

  /** All that describe an optimizer. */
  static List<Param<?>> all(NeuralNetworkParams params) {
    List<Param<?>> all =
        new ArrayList<>(List.of(params.optimizer(), params.learningRate(), params.weightDecay()));
    new OptimizerParams(params).byOptimizer().values().forEach(all::addAll);
    return all;
  }

  private Map<String, List<Param<?>>> byOptimizer() {
    return new TreeMap<>(
        Map.of(
            "sgd", List.of(params.momentum(), params.dampening(), params.nesterov()),
            "adam", List.of(params.beta1(), params.beta2(), params.eps(), params.amsgrad())));
  }

  private Optimizer optimizer() {
    String name = params.getOptimizer();
    byOptimizer()
        .forEach((other, itsParams) -> itsParams.forEach(param -> requireOwn(param, other, name)));
    return name.equals("sgd") ? sgd() : adam();
  }

  private void requireOwn(Param<?> param, String owner, String optimizer) {
    if (!owner.equals(optimizer) && params.isSet(param)) {
      throw ConveneException.usage(
          "%s is set, but optimizer %s has no %s; %s has",
          param.name(), optimizer, param.name(), owner);
    }
  }

  private Sgd sgd() {
    Sgd sgd =
        new Sgd(
            number(params.momentum(), 0),
            number(params.dampening(), 0),
            flag(params.nesterov()),
            number(params.weightDecay(), 0));
    if (sgd.nesterov() && (sgd.momentum() == 0 || sgd.dampening() != 0)) {
      throw ConveneException.usage("nesterov needs a momentum above 0 and a dampening of 0");
    }
    return sgd;
  }

  private Adam adam() {
    return new Adam(
        number(params.beta1(), 0.9),
        number(params.beta2(), 0.999),
        number(params.eps(), 1e-8),
        number(params.weightDecay(), 0),
        flag(params.amsgrad()));
  }

  private double number(DoubleParam param, double byDefault) {
    return params.isSet(param) ? (double) params.getOrDefault((Param<?>) param) : byDefault;
  }

  private boolean flag(BooleanParam param) {
    return params.isSet(param) && (boolean) params.getOrDefault((Param<?>) param);
  }
}
