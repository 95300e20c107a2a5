package dev.convene.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.data.DataReader;
import dev.convene.jobs.OutputDirectory.Kind;
import java.io.IOException;
import java.util.List;
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

  private static final String REASON = "reason";
  private static final String ROWS = "rows";

  @Override
  void run() throws IOException, InterruptedException {
    settings().required(Keys.PREDICT_INPUT);
    String summary;
    try (PredictionSink sink = PredictionSink.open(settings(), spark())) {
      ScoringPipeline model = ScoringPipeline.load(settings(), spark());
      InputReader data = new InputReader(settings(), spark());
      Dataset<Row> rows = data.readMarked(Keys.PREDICT_INPUT, model.columns(List.of()));
      model.warnings(rows, data.named(Keys.PREDICT_INPUT)).forEach(LOG::warn);
      boolean setsAside = settings().value(Keys.PREDICT_ON_BAD_ROW).equals("set-aside");
      if (setsAside) {
        rows = model.markProblems(rows);
      }
      Dataset<Row> good =
          setsAside
              ? rows.filter(col(DataReader.PROBLEM).isNull())
              : refusingBad(rows, data.badRowRemedy(Keys.PREDICT_INPUT));
      Dataset<Row> predicted = PredictedColumns.of(model.predict(good), settings());
      String setAside = setsAside ? setAside(rows) : "";
      Observation written = new Observation("predictions");
      sink.write(predicted.observe(written, count(lit(1)).as(ROWS)));
      summary = "predicted %s rows%s".formatted(written.getAsJava().get(ROWS), setAside);
    }
    System.out.println(summary);
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

  /** Writes the bad rows, and says how many there are; nothing if there are none. */
  private String setAside(Dataset<Row> rows) throws IOException, InterruptedException {
    String dir =
        settings()
            .value(Keys.PREDICT_BAD_ROWS)
            .orElseGet(() -> settings().value(Keys.PREDICT_OUTPUT).orElseThrow() + ".bad-rows");
    try (OutputDirectory output = OutputDirectory.open(Kind.BAD_ROWS, dir, settings(), spark())) {
      Observation observation = new Observation("bad rows");
      rows.filter(col(DataReader.PROBLEM).isNotNull())
          .select(col(DataReader.SOURCE + ".*"), col(DataReader.PROBLEM).as(REASON))
          .observe(observation, count(lit(1)).as(ROWS))
          .write()
          .mode("append")
          .json(output.directory().toString());
      long bad = (long) observation.getAsJava().get(ROWS);
      if (bad == 0) {
        return "";
      }
      output.commit();
      return ", set %s bad ones aside in %s".formatted(bad, dir);
    }
  }
}
