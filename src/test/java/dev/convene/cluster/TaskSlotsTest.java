package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.LocalSpark;
import dev.convene.train.TaskSlots;
import dev.convene.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("spark")
class TaskSlotsTest {
  private final SparkContext spark = LocalSpark.session().sparkContext();

  @Test
  void aLocalMasterHasASlotForEachOfItsThreads() {
    assertThat(spark.master()).isEqualTo("local[2]");
    assertThat(TaskSlots.settled(spark)).isEqualTo(2);
  }

  @Test
  void aLocalMasterIsNotWaitedFor() {
    List<String> warnings = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void warn(String message) {
            warnings.add(message);
          }
        };

    TaskSlots.await(spark, 3, listener);

    assertThat(warnings).isEmpty();
  }
}
