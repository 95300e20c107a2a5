package dev.convene.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisteredSplitTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mnist:train",
        "fashion-mnist:test",
        "emnist:train",
        "emnist-letters:test",
        "cifar10:train",
        "adult:train",
        "iris"
      })
  void registeredNames(String name) {
    assertThat(RegisteredSplit.parse(name)).map(RegisteredSplit::toString).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdfs://nn:8020/data/train",
        "file:/data/train",
        "file:///data/train",
        "s3a://bucket/mnist",
        "C:\\data\\train.csv",
        "C:/data/train.csv",
        "C:train.csv",
        "data/train.csv",
        "./mnist",
        "/mnist:train",
        "train.parquet",
        "part-{a,b}*.csv"
      })
  void paths(String path) {
    assertThat(RegisteredSplit.parse(path)).isEmpty();
  }

  @Test
  void wrongNamesAreUsageErrors() {
    assertThatThrownBy(() -> RegisteredSplit.parse("mnist:trian"))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessage("the data set mnist has no split trian; it has mnist:train and mnist:test");
    assertThatThrownBy(() -> RegisteredSplit.parse("mnist:"))
        .hasMessage("the data set mnist has no split ''; it has mnist:train and mnist:test");
    assertThatThrownBy(() -> RegisteredSplit.parse("mnsit:train"))
        .isInstanceOf(ConveneException.class)
        .hasMessage(
            "unknown data set mnsit; the registered ones are adult, cifar10, emnist,"
                + " emnist-byclass, emnist-bymerge, emnist-digits, emnist-letters, emnist-mnist, fashion-mnist,"
                + " iris, mnist");
    assertThatThrownBy(() -> RegisteredSplit.parse("mnist"))
        .isInstanceOf(ConveneException.class)
        .hasMessage(
            "mnist is a registered data set: its splits are mnist:train and mnist:test (a"
                + " directory of that name is ./mnist)");
  }
}
