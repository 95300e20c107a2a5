package dev.convene.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convene.FileSchema;
import java.util.List;
import java.util.Optional;

/**
 * The text of {@code metrics.json}. Without test data it has only what says how the model came
 * about; a value that JSON cannot say (NaN, an infinity) is null.
 */
public final class MetricsJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private MetricsJson() {}

  /**
   * How the measured parameters came about.
   *
   * @param epoch whose parameters they are
   * @param ended why there was no further epoch, in a word
   * @param blasCoreType null where the library has no such thing
   * @param parametersSha256 as {@link ParametersDigest#sha256} has it
   */
  public record Origin(
      int workers,
      int epoch,
      String ended,
      String blasLibrary,
      String blasCoreType,
      String parametersSha256) {}

  /**
   * One JSON object, indented, with a line feed at its end.
   *
   * @param labels the names of the classes, or of a regression's outputs; empty if they have none
   */
  public static String of(Optional<Metrics> metrics, List<String> labels, Origin origin) {
    ObjectNode json = MAPPER.createObjectNode().put(FileSchema.FIELD, FileSchema.VERSION);
    metrics.ifPresent(measured -> putMetrics(json, measured, labels));
    json.put("workers", origin.workers());
    json.put("epoch", origin.epoch());
    json.put("ended", origin.ended());
    json.putObject("blas")
        .put("library", origin.blasLibrary())
        .put("coreType", origin.blasCoreType());
    json.put("parametersSha256", origin.parametersSha256());
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of plain values is always JSON.", e);
    }
  }

  private static void putMetrics(ObjectNode json, Metrics metrics, List<String> labels) {
    json.put("rows", metrics.rows());
    json.put("loss", finite(metrics.loss()));
    if (!labels.isEmpty()) {
      json.set("labels", MAPPER.valueToTree(labels));
    }
    if (metrics instanceof ClassificationMetrics classification) {
      json.put("accuracy", classification.accuracy());
      ArrayNode matrix = json.putArray("confusionMatrix");
      for (long[] row : classification.confusionMatrix()) {
        matrix.add(MAPPER.<ArrayNode>valueToTree(row));
      }
      json.set("precision", MAPPER.valueToTree(classification.precision()));
      json.set("recall", MAPPER.valueToTree(classification.recall()));
      json.set("f1", MAPPER.valueToTree(classification.f1()));
      json.put("macroPrecision", classification.macroPrecision());
      json.put("macroRecall", classification.macroRecall());
      json.put("macroF1", classification.macroF1());
      classification
          .areasUnderCurves()
          .ifPresent(
              areas -> {
                json.put("areaUnderRoc", finite(areas.roc()));
                json.put("areaUnderPrecisionRecall", finite(areas.precisionRecall()));
              });
      json.put("expectedCalibrationError", finite(classification.expectedCalibrationError()));
      ArrayNode calibration = json.putArray("calibration");
      for (CalibrationBin bin : classification.calibration()) {
        calibration
            .addObject()
            .put("rows", bin.rows())
            .put("meanProbability", finite(bin.meanProbability()))
            .put("shareRight", finite(bin.shareRight()));
      }
    } else if (metrics instanceof RegressionMetrics regression) {
      json.put("rmse", finite(regression.rmse()));
      json.put("mae", finite(regression.mae()));
      json.put("r2", finite(regression.r2()));
      ArrayNode byOutput = json.putArray("byOutput");
      for (RegressionMetrics.Output output : regression.byOutput()) {
        byOutput
            .addObject()
            .put("rmse", finite(output.rmse()))
            .put("mae", finite(output.mae()))
            .put("r2", finite(output.r2()));
      }
    }
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
