package dev.convene.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.ConveneException;
import dev.convene.config.Keys;
import java.io.CharConversionException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Reads {@code {"parameters": [...]}} in the flat order of the parameters. */
final class InitialParametersFile {
  private InitialParametersFile() {}

  /**
   * @throws ConveneException (data) if the file is missing or something else
   */
  static float[] read(String file, Configuration hadoop) throws IOException {
    byte[] json = SettingFile.read(Keys.TRAIN_INITIAL_PARAMETERS, file, hadoop);
    try {
      return parameters(file, new ObjectMapper().readTree(json).path("parameters"));
    } catch (JsonProcessingException e) {
      throw notJson(
          file,
          e.getLocation() == null
              ? e.getOriginalMessage()
              : "see line %s, column %s"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (CharConversionException e) {
      throw notJson(file, e.getMessage());
    }
  }

  private static ConveneException notJson(String file, String finding) {
    return ConveneException.data("train.initial-parameters: %s is not JSON: %s", file, finding);
  }

  private static float[] parameters(String file, JsonNode numbers) {
    if (!numbers.isArray()) {
      throw ConveneException.data(
          "train.initial-parameters: %s has no {\"parameters\": [numbers]}", file);
    }
    float[] parameters = new float[numbers.size()];
    for (int i = 0; i < parameters.length; i++) {
      JsonNode number = numbers.get(i);
      parameters[i] = (float) number.asDouble();
      if (!number.isNumber() || !Float.isFinite(parameters[i])) {
        throw ConveneException.data(
            "train.initial-parameters: element %s of %s is %s, not a finite number",
            i, file, number);
      }
    }
    return parameters;
  }
}
