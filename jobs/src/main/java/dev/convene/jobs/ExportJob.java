package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.onnx.OnnxModel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes the model in output.dir as one file that needs no Spark: to export.output, or beside the
 * model.
 *
 * <pre>convene export conf/adult.conf --to onnx</pre>
 */
@Command(
    name = "export",
    description = "Write the model in output.dir as one file that needs no Spark.")
final class ExportJob extends Job {
  private static final Logger LOG = LoggerFactory.getLogger(ExportJob.class);
  private static final String TO = "--to";
  private static final String ONNX = "onnx";
  private static final String BESIDE_THE_MODEL = "model.onnx";

  @Option(names = TO, paramLabel = "FORMAT", required = true, description = "The format: onnx.")
  private String format;

  @Override
  List<String> options() {
    return List.of(TO + "=" + format);
  }

  @Override
  String run() throws IOException {
    if (!format.equals(ONNX)) {
      throw ConveneException.usage("%s %s is none of the formats: %s", TO, format, ONNX);
    }
    String model = ScoringPipeline.outputToRead(settings(), hadoop());
    String name = settings().value(Keys.EXPORT_OUTPUT).orElse(model + "/" + BESIDE_THE_MODEL);
    places()
        .reads(Keys.OUTPUT_DIR, model + "/" + ScoringPipeline.MODEL)
        .writes(Keys.EXPORT_OUTPUT, name)
        .requireApart();
    ScoringPipeline pipeline = ScoringPipeline.load(settings(), spark());
    try (OutputLock lock = lock(Keys.EXPORT_OUTPUT, Optional.of(name))) {
      LOG.debug("Nobody else writes what this job writes: {}", lock);
      OutputFile file = OutputFile.of(Keys.EXPORT_OUTPUT, name, hadoop());
      SharedStorage.of(settings(), spark()).require(Keys.EXPORT_OUTPUT, name);
      file.requireReplaceable(OutputDirectory.Kind.EXPORT, settings().value(Keys.EXPORT_OVERWRITE));
      byte[] bytes = onnx(pipeline).bytes();
      file.write(bytes);
      return "exported %s bytes to %s".formatted(bytes.length, name);
    }
  }

  private OnnxModel onnx(ScoringPipeline pipeline) {
    Map<String, String> derived = settings().value(Keys.DATA_DERIVE);
    Map<String, String> documentation =
        derived.entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, column -> "derived as " + column.getValue()));
    return OnnxModel.of(
        pipeline.preprocessing(), pipeline.model(), pipeline.labels().names(), documentation);
  }
}
