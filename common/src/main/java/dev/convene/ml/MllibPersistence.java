package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.TransientFailure;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.apache.commons.lang3.exception.ExceptionUtils;
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
 *
 * <p>What cannot be read is a {@link ConveneException} (data) that names the path.
 */
final class MllibPersistence {
  private MllibPersistence() {}

  static <E extends Params> MLReader<E> estimatorReader(Class<E> type) {
    return new MLReader<>() {
      @Override
      public E load(String path) {
        return read(
            type,
            path,
            () -> {
              DefaultParamsReader.Metadata metadata =
                  DefaultParamsReader$.MODULE$.loadMetadata(path, sc(), type.getName());
              E loaded = type.getConstructor(String.class).newInstance(metadata.uid());
              metadata.getAndSetParams(loaded, Option.empty());
              return loaded;
            });
      }
    };
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
        return read(
            type,
            path,
            () -> {
              DefaultParamsReader.Metadata metadata =
                  DefaultParamsReader$.MODULE$.loadMetadata(path, sc(), type.getName());
              TrainedNetwork trained = TrainedNetworkFile.read(sparkSession(), data(path));
              M loaded = model.apply(metadata.uid(), trained);
              metadata.getAndSetParams(loaded, Option.empty());
              return loaded;
            });
      }
    };
  }

  private static String data(String path) {
    return new Path(path, "data").toString();
  }

  private static <T> T read(Class<T> type, String path, Callable<T> reading) {
    try {
      return reading.call();
    } catch (Exception e) {
      boolean isUsage =
          e instanceof ConveneException refused && refused.status() == ExitStatus.USAGE;
      if (isUsage || TransientFailure.isCauseOf(e)) {
        throw ExceptionUtils.<RuntimeException>rethrow(e);
      }
      Throwable root = Objects.requireNonNullElse(ExceptionUtils.getRootCause(e), e);
      String reason = root.getMessage() == null ? root.toString() : root.getMessage();
      throw new ConveneException(
          ExitStatus.DATA,
          "%s holds no %s that can be read: %s"
              .formatted(path, type.getSimpleName(), reason.lines().findFirst().orElse("")),
          e);
    }
  }
}
