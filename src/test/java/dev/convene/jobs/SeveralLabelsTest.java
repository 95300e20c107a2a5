package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A regression of several outputs, which are known by the names of their labels. */
@Tag("spark")
class SeveralLabelsTest {
  @TempDir Path folder;
  private Path conf;

  /** low is 2 a and high 100 + a, so that no order is mistaken for the other. */
  @BeforeEach
  void train() throws IOException {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>(List.of("a,b,low,high"));
    for (int i = 0; i < 100; i++) {
      double a = random.nextGaussian();
      lines.add(a + ",1," + 2 * a + "," + (100 + a));
    }
    Files.write(folder.resolve("rows.csv"), lines);
    conf = folder.resolve("rows.conf");
    Files.writeString(
        conf,
        """
        data { format = csv, train = "%1$s/rows.csv", test = "%1$s/rows.csv", options.header = true }
        data { label = [low, high], features = [a] }
        model.task = regression
        train { epochs = 60, workers = 1, batch-size = 10, optimizer.learning-rate = 0.5 }
        output.dir = "%1$s/output"
        """
            .formatted(folder));
    assertThat(JobRun.of("train", conf, List.of()).status()).isZero();
  }

  @Test
  void areEvaluatedByTheirNamesInAnyOrder() {
    JobRun asTrained = JobRun.of("evaluate", conf, List.of());
    JobRun swapped = JobRun.of("evaluate", conf, List.of("data.label=[high, low]"));

    assertThat(asTrained.status()).isZero();
    assertThat(rmse(asTrained)).isLessThan(5);
    assertThat(swapped.stdout()).isEqualTo(asTrained.stdout());
  }

  @Test
  void othersAreRefused() {
    JobRun other = JobRun.of("evaluate", conf, List.of("data.label=[low, b]"));

    assertThat(other.stderr().strip())
        .endsWith(
            "the labels of data.test = %s/rows.csv are low, b, but the outputs of the model are low,"
                    .formatted(folder)
                + " high: give it those labels, in that order");
    assertThat(other.status()).isEqualTo(3);
  }

  private static double rmse(JobRun run) {
    return Double.parseDouble(run.lastLine().replaceAll("rmse (\\S+) .*", "$1"));
  }
}
