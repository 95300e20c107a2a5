package dev.convene.ml;

import dev.convene.config.Chosen;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import java.io.Serializable;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import scala.Function1;

/** Makes Params of settings: name, meaning, allowed values and default are the setting's. */
final class SettingParams {
  private SettingParams() {}

  static DoubleParam decimal(Params owner, Setting<?> setting) {
    return new DoubleParam(owner, name(setting), setting.doc(), allowed(setting));
  }

  static IntParam integer(Params owner, Setting<Integer> setting) {
    return new IntParam(owner, name(setting), setting.doc(), allowed(setting));
  }

  /** The Param's 0 is the setting's word. */
  static IntParam integerOrWord(Params owner, Setting<OptionalInt> setting) {
    return new IntParam(owner, name(setting), setting.doc(), allowed(setting));
  }

  static IntArrayParam integers(Params owner, Setting<List<Integer>> setting) {
    return new IntArrayParam(owner, name(setting), setting.doc(), allowed(setting));
  }

  /** For those of the setting's values that are lists. */
  static DoubleArrayParam decimals(Params owner, Setting<?> setting) {
    String name = setting.listParamName().orElseThrow();
    String doc = "%s As %s, a list of one for each hidden layer; none if not set.";
    return new DoubleArrayParam(owner, name, doc.formatted(setting.doc(), name), allowed(name));
  }

  static LongParam longInteger(Params owner, Setting<Long> setting) {
    return new LongParam(owner, name(setting), setting.doc());
  }

  static BooleanParam flag(Params owner, Setting<Boolean> setting) {
    return new BooleanParam(owner, name(setting), setting.doc());
  }

  static Param<String> text(Params owner, Setting<?> setting) {
    return new Param<>(owner, name(setting), setting.doc(), allowed(setting));
  }

  /**
   * Gives the Params of an Estimator or Model their defaults; those of single choices have none.
   */
  static void setDefaults(NeuralNetworkParams params) {
    for (Setting<?> setting : Keys.ofParams()) {
      if (setting.choice().isEmpty() && params.hasParam(name(setting))) {
        setDefault(params, setting);
      }
    }
  }

  private static <T> void setDefault(NeuralNetworkParams params, Setting<T> setting) {
    Object value = setting.toParam(setting.defaultValue());
    if (!value.equals("")) {
      params.setDefault(params.getParam(name(setting)), value);
    }
  }

  /** Sets those Params whose settings were given. */
  static void set(NeuralNetworkParams params, Chosen chosen) {
    for (Setting<?> setting : Keys.ofParams()) {
      if (chosen.isGiven(setting)) {
        set(params, chosen, setting);
      }
    }
  }

  private static <T> void set(NeuralNetworkParams params, Chosen chosen, Setting<T> setting) {
    T value = chosen.value(setting);
    params.set(setting.paramNameFor(value), setting.toParam(value));
  }

  static String name(Setting<?> setting) {
    return setting.paramName().orElseThrow();
  }

  // A Param goes with its stage to the executors, a setting does not.
  private static <P> Function1<P, Object> allowed(Setting<?> setting) {
    return allowed(name(setting));
  }

  private static <P> Function1<P, Object> allowed(String name) {
    return (Function1<P, Object> & Serializable)
        value -> Keys.ofParam(name).fromParam(value).isPresent();
  }
}
