package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convene.config.Settings;
import dev.convene.testkit.JavaProcess;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error of the JVM in a task, which ends an executor, does not end a local job unreported. */
@Tag("spark")
@Tag("process")
class FatalTaskErrorTest {
  /** Runs a task that throws an error of the given message, and prints the outcome. */
  public static void main(String... message) {
    try (Session session = Session.open("convene test", Settings.load(null, List.of()))) {
      SparkSession spark = session.spark();
      Throwable failure =
          catchThrowable(
              () ->
                  spark
                      .range(1)
                      .toJavaRDD()
                      .foreach(
                          row -> {
                            throw message[0].isEmpty()
                                ? new OutOfMemoryError("Java heap space")
                                : new InternalError(message[0]);
                          }));
      Outcome outcome = Outcome.of(failure);
      System.out.println(outcome.status().code() + " " + outcome.message());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a fault occurred | 3 Spark refuses the data: InternalError: a fault occurred",
        "'' | 5 Spark, storage or the network failed: OutOfMemoryError: Java heap space; a retry may help",
      })
  void isReported(String message, String outcome) throws Exception {
    List<String> lines =
        JavaProcess.of(FatalTaskErrorTest.class, message)
            .withJvmOptions(List.of("-Dspark.master=local[1]", "-Dspark.ui.enabled=false"))
            .lines();
    assertThat(lines).last().isEqualTo(outcome);
  }
}
