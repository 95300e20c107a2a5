package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.config.Chosen;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.param.Param;

/** What the Params of an Estimator have chosen, in its user's words. */
final class ChosenParams implements Chosen {
  /** The longest value that a message repeats. */
  private static final int MAX_VALUE_LENGTH = 40;

  private final NeuralNetworkParams params;

  ChosenParams(NeuralNetworkParams params) {
    this.params = params;
  }

  @Override
  public <T> T value(Setting<T> setting) {
    if (setting.equals(Keys.MODEL_CLASS_WEIGHTS)) {
      return setting.fromParam(classWeights()).orElseThrow();
    }
    return param(setting)
        .filter(params::isSet)
        .flatMap(param -> setting.fromParam(params.getOrDefault(param)))
        .orElseGet(() -> defaultOf(setting));
  }

  private <T> T defaultOf(Setting<T> setting) {
    return setting.choice().isPresent()
        ? setting.defaultFor(value(setting.choice().get()))
        : setting.defaultValue();
  }

  /** By class, as the setting has them by label. */
  private Map<String, Double> classWeights() {
    Map<String, Double> byClass = new TreeMap<>();
    if (isGiven(Keys.MODEL_CLASS_WEIGHTS)) {
      double[] weights = ((NeuralNetworkClassifierParams) params).getClassWeights();
      for (int k = 0; k < weights.length; k++) {
        byClass.put(String.valueOf(k), weights[k]);
      }
    }
    return byClass;
  }

  @Override
  public boolean isGiven(Setting<?> setting) {
    return param(setting).filter(params::isSet).isPresent();
  }

  private Optional<Param<Object>> param(Setting<?> setting) {
    Optional<Param<Object>> param =
        setting.paramName().filter(params::hasParam).map(params::getParam);
    Optional<Param<Object>> ofList =
        setting.listParamName().<Param<Object>>map(params::getParam).filter(params::isSet);
    if (ofList.isPresent() && param.filter(params::isSet).isPresent()) {
      throw ConveneException.usage(
          "%s and %s exclude each other: clear one",
          param.orElseThrow().name(), ofList.get().name());
    }
    return ofList.or(() -> param);
  }

  @Override
  public boolean classifies() {
    return params instanceof NeuralNetworkClassifierParams;
  }

  @Override
  public boolean hasValidationRows() {
    return params.isSet(params.validationIndicatorCol());
  }

  @Override
  public String name(Setting<?> setting) {
    return SettingParams.name(setting);
  }

  @Override
  public String shortName(Setting<?> setting) {
    return SettingParams.name(setting);
  }

  @Override
  public String described(Setting<?> setting) {
    Param<Object> param = param(setting).orElseThrow();
    String value = NeuralNetworkParams.text(param, valueInForce(setting, param));
    return value.length() > MAX_VALUE_LENGTH ? param.name() : param.name() + " = " + value;
  }

  private <T> Object valueInForce(Setting<T> setting, Param<Object> param) {
    return params.isDefined(param)
        ? params.getOrDefault(param)
        : setting.toParam(defaultOf(setting));
  }

  /** The value in force as a message writes it, however long. */
  String text(Setting<?> setting) {
    Param<Object> param = param(setting).orElseThrow();
    return NeuralNetworkParams.text(param, valueInForce(setting, param));
  }

  @Override
  public String isSet(Setting<?> setting) {
    return SettingParams.name(setting) + " is set";
  }

  @Override
  public String validationRemedy() {
    return params.validationIndicatorCol().name();
  }
}
