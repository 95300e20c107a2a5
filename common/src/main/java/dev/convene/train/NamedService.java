package dev.convene.train;

import dev.convene.ConveneException;
import java.util.ServiceLoader;

/** What modules beside this library bring, as services that are asked for by their names. */
public interface NamedService {
  /** As settings and model files have it. */
  String name();

  /**
   * The service of that name.
   *
   * @throws ConveneException (usage) if there is none on the class path
   */
  static <T extends NamedService> T named(Class<T> type, String name) {
    for (T service : ServiceLoader.load(type)) {
      if (service.name().equals(name)) {
        return service;
      }
    }
    throw ConveneException.usage(
        "the trainer %s needs the jar convene-%s, which is not on Spark's class path: submit/convene"
            + " adds it if the settings have train.trainer = %s or model.%s-configuration; with"
            + " spark-submit build it (mvn -DskipTests -pl common/%s -am package) and add it with"
            + " --jars",
        name, name, name, name, name);
  }
}
