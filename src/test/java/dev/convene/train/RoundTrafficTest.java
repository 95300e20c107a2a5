package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.nn.DenseNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTrafficTest {
  private static final long MEGABYTE = 1 << 20;

  /** 269,322 parameters: 3.08 MB with both moments of Adam. */
  private static final DenseNetwork MLP = Plan.classifier(784, List.of(256, 256), 10, 0);

  @Test
  void fewStatesAreCollectedAndManyMeetInSlices() {
    assertThat(RoundTraffic.of(MLP, 2, 10, 1024 * MEGABYTE).isDirect()).isTrue();
    assertThat(RoundTraffic.of(MLP, 2, 11, 1024 * MEGABYTE).isDirect()).isFalse();
    assertThat(RoundTraffic.of(MLP, 2, 10, 60 * MEGABYTE).isDirect()).isFalse();
    assertThat(RoundTraffic.of(MLP, 2, 10, 0).isDirect()).isTrue();
    assertThat(RoundTraffic.of(MLP, 2, 1, 4 * MEGABYTE).isDirect()).isTrue();
  }

  @Test
  void slicesKeepAllSlotsBusyAndFitIntoATask() {
    assertThat(RoundTraffic.of(MLP, 2, 11, 0).slices(8)).isEqualTo(8);
    // 500 x 3,231,864 bytes in parts of 32 MB
    assertThat(RoundTraffic.of(MLP, 2, 500, 0).slices(8)).isEqualTo(49);
  }

  @Test
  void resultsThatSparkWouldRefuseAreRefusedWithTheSettingThatAllowsThem() {
    assertThatCode(() -> RoundTraffic.of(MLP, 2, 500, 64 * MEGABYTE).requireAllowed())
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> RoundTraffic.of(MLP, 2, 1000, 4 * MEGABYTE).requireAllowed())
        .isInstanceOf(ConveneException.class)
        .hasMessage(
            "a round brings 5 MB to the driver, and spark.driver.maxResultSize allows 4 MB: allow"
                + " more (--conf spark.driver.maxResultSize=9m), or make layers narrower")
        .extracting(thrown -> ((ConveneException) thrown).status())
        .isEqualTo(ExitStatus.USAGE);
  }
}
