package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class SharedStorageTest {
  private final Configuration hadoop = new Configuration();

  @Test
  void allReachTheDiskOfALocalMaster() throws IOException {
    for (String master : List.of("local", "local[*]", "local[2,3]")) {
      new SharedStorage(master, false, hadoop).require(Keys.OUTPUT_DIR, "/data/out");
    }
  }

  @Test
  void clustersReachOtherFileSystemsAndADiskThatIsShared() throws IOException {
    new SharedStorage("yarn", true, hadoop).require(Keys.OUTPUT_DIR, "/data/out");
    new SharedStorage("yarn", false, hadoop)
        .require(Keys.DATA_TRAIN, "hdfs://localhost/data/*.csv");
    hadoop.set("fs.defaultFS", "hdfs://localhost");
    new SharedStorage("spark://host:7077", false, hadoop).require(Keys.DATA_TRAIN, "/data/*.csv");
  }

  @Test
  void refusesTheDriversDiskOnACluster() {
    for (String master : List.of("yarn", "spark://host:7077", "local-cluster[2,1,1024]")) {
      for (Setting<?> setting : List.of(Keys.OUTPUT_DIR, Keys.DATA_TEST, Keys.PREDICT_INPUT)) {
        for (String path : List.of("/data/a", "file:/data/*.csv", "relative/part-{1,2}.parquet")) {
          assertThatThrownBy(() -> new SharedStorage(master, false, hadoop).require(setting, path))
              .isInstanceOf(ConveneException.class)
              .hasMessage(
                  "%s %s is on the driver's disk, which the executors of %s do not share: name a"
                      + " path they all reach, or set storage.shared-local = true",
                  setting, path, master)
              .extracting(thrown -> ((ConveneException) thrown).status())
              .isEqualTo(ExitStatus.USAGE);
        }
      }
    }
  }
}
