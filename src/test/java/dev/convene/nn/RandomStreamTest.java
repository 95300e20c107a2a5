package dev.convene.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convene.nn.RandomStream.Purpose;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Statistical bounds are five standard deviations; the streams are fixed, so nothing is flaky. */
class RandomStreamTest {
  private static final int DRAWS = 100_000;

  @Test
  void isSplitMix64() {
    // The JDK's generator of that name, checked by the published start of its sequence for seed 0.
    assertThat(new SplittableRandom(0).nextLong()).isEqualTo(0xE220A8397B1DCDAFL);

    RandomStream stream = RandomStream.of(42, Purpose.DROPOUT, 3, 1, 7);
    SplittableRandom reference = new SplittableRandom(unmix(stream.bitsAt(0)));

    for (int place = 1; place <= 1000; place++) {
      assertThat(stream.bitsAt(place)).isEqualTo(reference.nextLong());
    }
  }

  @Test
  void drawsItsPlacesInTurn() {
    RandomStream stream = stream(1);

    assertThat(stream.nextDouble()).isEqualTo((stream.bitsAt(1) >>> 11) / 0x1p53);
    assertThat(stream.nextInt(1 << 16)).isEqualTo((int) (stream.bitsAt(2) >>> 48));
    assertThat(stream.nextDouble()).isEqualTo((stream.bitsAt(3) >>> 11) / 0x1p53);
  }

  @Test
  void hasAStreamOfItsOwnForEveryName() {
    Set<Long> firsts = new HashSet<>();
    int names = 0;
    for (long seed : new long[] {0, 1, -1, Long.MIN_VALUE}) {
      for (Purpose purpose : Purpose.values()) {
        firsts.add(RandomStream.of(seed, purpose).bitsAt(1));
        names++;
        for (int epoch = 0; epoch < 10; epoch++) {
          firsts.add(RandomStream.of(seed, purpose, epoch).bitsAt(1));
          names++;
          for (int worker = 0; worker < 10; worker++) {
            firsts.add(RandomStream.of(seed, purpose, epoch, worker).bitsAt(1));
            names++;
          }
        }
      }
    }
    assertThat(firsts).hasSize(names);
    assertThat(stream(5).bitsAt(9)).isEqualTo(stream(5).bitsAt(9));
  }

  @Test
  void nextDoubleIsUniform() {
    RandomStream stream = stream(2);
    int[] counts = new int[10];
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
      double draw = stream.nextDouble();
      assertThat(draw).isBetween(0.0, Math.nextDown(1.0));
      counts[(int) (10 * draw)]++;
      sum += draw;
    }
    assertThat(sum / DRAWS).isCloseTo(0.5, within(5 * Math.sqrt(1 / 12.0 / DRAWS)));
    assertEqualShares(counts);
  }

  @Test
  void nextIntIsUniformForEveryBound() {
    for (int bound : new int[] {1, 2, 3, 7, 1000}) {
      RandomStream stream = stream(bound);
      int[] counts = new int[bound];
      for (int i = 0; i < DRAWS; i++) {
        counts[stream.nextInt(bound)]++;
      }
      assertEqualShares(counts);
    }
    RandomStream stream = stream(4);
    for (int i = 0; i < 1000; i++) {
      assertThat(stream.nextInt(Integer.MAX_VALUE)).isBetween(0, Integer.MAX_VALUE - 1);
    }
  }

  @Test
  void nextGaussianIsStandardNormal() {
    RandomStream stream = stream(3);
    double sum = 0;
    double squares = 0;
    int withinOne = 0;
    for (int i = 0; i < DRAWS; i++) {
      double draw = stream.nextGaussian();
      sum += draw;
      squares += draw * draw;
      withinOne += Math.abs(draw) < 1 ? 1 : 0;
    }
    assertThat(sum / DRAWS).isCloseTo(0, within(5 / Math.sqrt(DRAWS)));
    assertThat(squares / DRAWS).isCloseTo(1, within(5 * Math.sqrt(2.0 / DRAWS)));
    assertThat(withinOne / (double) DRAWS)
        .isCloseTo(0.682689, within(5 * Math.sqrt(0.682689 * 0.317311 / DRAWS)));
  }

  @Test
  void permutationHasEveryNumberOnce() {
    for (int n : new int[] {0, 1, 2, 97, 1000}) {
      int[] sorted = stream(n).permutation(n);
      Arrays.sort(sorted);
      int[] all = new int[n];
      Arrays.setAll(all, i -> i);
      assertThat(sorted).isEqualTo(all);
    }
  }

  @Test
  void allPermutationsAreEquallyLikely() {
    RandomStream stream = stream(6);
    int[] counts = new int[27];
    for (int i = 0; i < DRAWS; i++) {
      int[] order = stream.permutation(3);
      counts[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    int[] found = Arrays.stream(counts).filter(count -> count > 0).toArray();
    assertThat(found).hasSize(6);
    assertEqualShares(found);
  }

  private static RandomStream stream(long name) {
    return RandomStream.of(11, Purpose.ROW_ORDER, name);
  }

  private static void assertEqualShares(int[] counts) {
    double expected = DRAWS / (double) counts.length;
    double bound = 5 * Math.sqrt(expected * (1 - 1.0 / counts.length));
    for (int count : counts) {
      assertThat((double) count).isCloseTo(expected, within(bound));
    }
  }

  /** The inverse of SplitMix64's output function. */
  private static long unmix(long mixed) {
    long z = unxorshift(mixed, 31) * inverse(0x94D049BB133111EBL);
    z = unxorshift(z, 27) * inverse(0xBF58476D1CE4E5B9L);
    return unxorshift(z, 30);
  }

  private static long unxorshift(long shifted, int bits) {
    return shifted ^ (shifted >>> bits) ^ (shifted >>> (2 * bits));
  }

  /** Modulo 2^64, by Newton's iteration. */
  private static long inverse(long odd) {
    long inverse = odd;
    for (int i = 0; i < 6; i++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
