package dev.convene.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.data.DataReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/**
 * Predicts on predict.input with the model in output.dir: writes one row to predict.output for each
 * row it reads, or, for a bad one that is to be set aside, one with the reason to predict.bad-rows.
 *
 * <pre>convene predict conf/adult.conf --set predict.input=new.csv --set predict.output=scored
 * </pre>
 */
@Command(name = "predict", description = "Predict on rows with the model in output.dir.")
final class PredictJob extends Job {
  private static final Logger LOG = LoggerFactory.getLogger(PredictJob.class);
  private static final String ROWS = "rows";

  @Override
  String run() throws IOException, InterruptedException {
    settings().required(Keys.PREDICT_INPUT);
    InputReader data = new InputReader(settings(), spark());
    requireApart(data);
    try (OutputLock output = lock(Keys.PREDICT_OUTPUT, files());
        OutputLock badRows = lock(Keys.PREDICT_BAD_ROWS, badRows())) {
      LOG.debug("Nobody else writes what this job writes: {}, {}", output, badRows);
      return predict(data);
    }
  }

  private String predict(InputReader data) throws IOException, InterruptedException {
    try (PredictionSink sink = PredictionSinks.open(settings(), spark());
        BadRowsOutput badRows = BadRowsOutput.open(settings(), spark())) {
      ScoringPipeline model = ScoringPipeline.load(settings(), spark());
      Dataset<Row> rows = data.readMarked(Keys.PREDICT_INPUT, model.columns(List.of()));
      model.warnings(rows, data.named(Keys.PREDICT_INPUT)).forEach(LOG::warn);
      boolean setsAside = BadRowsOutput.isSettingAside(settings());
      if (setsAside) {
        rows = model.markProblems(rows);
      }
      Dataset<Row> good =
          setsAside
              ? rows.filter(col(DataReader.PROBLEM).isNull())
              : refusingBad(rows, data.badRowRemedy(Keys.PREDICT_INPUT));
      Dataset<Row> predicted = PredictedColumns.of(model.predict(good), settings());
      sink.prepare(predicted.schema());
      if (setsAside) {
        badRows.write(rows);
      }
      Observation observation = new Observation("predictions");
      sink.write(predicted.observe(observation, count(lit(1)).as(ROWS)));
      long written = (long) observation.getAsJava().get(ROWS);
      // Both appear or neither: first those that can be taken back.
      badRows.publish();
      sink.commit(written);
      badRows.settle();
      return "predicted %s rows%s".formatted(written, badRows.summary());
    }
  }

  private void requireApart(InputReader data) throws IOException {
    JobPlaces places = places();
    data.addPlaces(Keys.PREDICT_INPUT, places);
    if (settings().value(Keys.OUTPUT_DIR).isPresent()) {
      String model = DatedOutput.toRead(settings(), hadoop());
      places.reads(Keys.OUTPUT_DIR, model + "/" + ScoringPipeline.MODEL);
    }
    if (files().isPresent()) {
      places.writes(Keys.PREDICT_OUTPUT, files().get());
    }
    if (badRows().isPresent()) {
      places.writes(Keys.PREDICT_BAD_ROWS, badRows().get());
    }
    places.requireApart();
  }

  /** The directory of the predictions, where they are files. */
  private Optional<String> files() {
    return settings()
        .value(Keys.PREDICT_OUTPUT)
        .filter(output -> PredictionSinks.areFiles(settings()));
  }

  /** The directory of the bad rows, where there is one. */
  private Optional<String> badRows() {
    return settings()
        .value(Keys.PREDICT_OUTPUT)
        .filter(output -> BadRowsOutput.isPlace(settings()))
        .map(output -> BadRowsOutput.name(settings()));
  }

  /** The rows, of which a bad one ends the pass that meets it. */
  private static Dataset<Row> refusingBad(Dataset<Row> rows, String remedy) {
    UDF1<String, Boolean> refuse =
        problem -> {
          throw ConveneException.data(
              "%s; %s, or set predict.on-bad-row = set-aside", problem, remedy);
        };
    Column problem = col(DataReader.PROBLEM);
    return rows.filter(
        when(problem.isNull(), true).otherwise(udf(refuse, DataTypes.BooleanType).apply(problem)));
  }
}
