package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.onnx.OnnxModel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes the model in output.dir as one file that needs no Spark to export.output.
 *
 * <pre>convene export conf/adult.conf --to onnx --set export.output=adult.onnx</pre>
 */
@Command(
    name = "export",
    description = "Write the model in output.dir as one file that needs no Spark.")
final class ExportJob extends Job {
  private static final Logger LOG = LoggerFactory.getLogger(ExportJob.class);
  private static final String TO = "--to";
  private static final String ONNX = "onnx";

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
    String name = requireOutput();
    requireApart(name);
    try (OutputLock lock = lock(Keys.EXPORT_OUTPUT, settings().value(Keys.EXPORT_OUTPUT))) {
      LOG.debug("Nobody else writes what this job writes: {}", lock);
      OutputFile file = OutputFile.open(OutputDirectory.Kind.EXPORT, settings(), spark());
      byte[] bytes = onnx(ScoringPipeline.load(settings(), spark())).bytes();
      file.write(bytes);
      return "exported %s bytes to %s".formatted(bytes.length, name);
    }
  }

  private String requireOutput() {
    return settings()
        .value(Keys.EXPORT_OUTPUT)
        .orElseThrow(
            () ->
                ConveneException.usage(
                    "%s is not set: name the file to write, with --set %s=model.onnx",
                    Keys.EXPORT_OUTPUT, Keys.EXPORT_OUTPUT));
  }

  private void requireApart(String name) throws IOException {
    JobPlaces places = places().writes(Keys.EXPORT_OUTPUT, name);
    if (settings().value(Keys.OUTPUT_DIR).isPresent()) {
      String model = DatedOutput.toRead(settings(), hadoop());
      places.reads(Keys.OUTPUT_DIR, model + "/" + ScoringPipeline.MODEL);
    }
    places.requireApart();
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
