package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkKindTest {
  @Test
  void aNetworkNamesTheKindThatReadsItsDescription() {
    DenseNetwork network = Plan.classifier(5, List.of(7, 3), 2, 0.3);

    assertThat(network.kind()).isEqualTo("dense");
    assertThat(
            NetworkKind.named(network.kind())
                .read(network.description(), 5, 2, Loss.SOFTMAX_CROSS_ENTROPY))
        .isEqualTo(network);
  }

  @Test
  void whatIsNoDescriptionIsTheDatasFault() {
    assertThatThrownBy(
            () -> NetworkKind.named("dense").read("{}", 5, 2, Loss.SOFTMAX_CROSS_ENTROPY))
        .isInstanceOfSatisfying(
            ConveneException.class,
            failure -> assertThat(failure.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage("no dense network is described by {}");
  }

  @Test
  void aKindOfAnotherModuleNeedsItsJar() {
    assertThatThrownBy(() -> NetworkKind.named("dl4j"))
        .isInstanceOfSatisfying(
            ConveneException.class,
            failure -> assertThat(failure.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessageStartingWith("the trainer dl4j needs the jar convene-dl4j");
  }
}
