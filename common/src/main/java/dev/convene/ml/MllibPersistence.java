package dev.convene.ml;

import java.util.function.BiFunction;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/**
 * Saves and loads stages in MLlib's layout: {@code metadata} has class, uid and Params as JSON,
 * {@code data} a trained network. MLlib's helpers are private to it in Scala, though not to Java:
 * all calls of them are here.
 */
final class MllibPersistence {
  private MllibPersistence() {}

  static <T> MLReader<T> estimatorReader() {
    return new DefaultParamsReader<>();
  }

  static MLWriter modelWriter(Params model, TrainedNetwork trained) {
    return new MLWriter() {
      @Override
      public void saveImpl(String path) {
        DefaultParamsWriter$.MODULE$.saveMetadata(
            model, path, sc(), Option.empty(), Option.empty());
        TrainedNetworkFile.write(trained, sparkSession(), data(path));
      }
    };
  }

  /**
   * @param model makes one of its uid and trained network
   */
  static <M extends Params> MLReader<M> modelReader(
      Class<M> type, BiFunction<String, TrainedNetwork, M> model) {
    return new MLReader<>() {
      @Override
      public M load(String path) {
        DefaultParamsReader.Metadata metadata =
            DefaultParamsReader$.MODULE$.loadMetadata(path, sc(), type.getName());
        TrainedNetwork trained = TrainedNetworkFile.read(sparkSession(), data(path));
        M loaded = model.apply(metadata.uid(), trained);
        metadata.getAndSetParams(loaded, Option.empty());
        return loaded;
      }
    };
  }

  private static String data(String path) {
    return new Path(path, "data").toString();
  }
}
