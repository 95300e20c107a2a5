package dev.convene.blas;

import dev.convene.ConveneException;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads BLAS on the driver and on every executor before the first task, so that MLlib computes with
 * it too: {@code --conf spark.plugins=dev.convene.blas.BlasPlugin}. The choice is in {@value
 * BlasChoice#LIBRARY_KEY} and {@value BlasChoice#CORE_TYPE_KEY}.
 */
public final class BlasPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(BlasPlugin.class);

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext spark, PluginContext context) {
        NativeBlas.load(BlasChoice.of(context.conf()));
        return Map.of();
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> fromDriver) {
        try {
          NativeBlas.load(BlasChoice.of(context.conf()));
        } catch (ConveneException wrongChoice) {
          // It would end the executor, and Spark would start another in vain, again and again.
          // The first task that loads BLAS fails with the same message.
          LOG.error(wrongChoice.getMessage());
        }
      }
    };
  }
}
