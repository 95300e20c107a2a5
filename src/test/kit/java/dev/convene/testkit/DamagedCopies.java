package dev.convene.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.util.Arrays;
import java.util.Random;

/**
 * Copies of a file, each damaged at random, always in the same way: bits flipped, quantities that
 * lie, parts cut, repeated or thrown in. Whoever reads one reads it, or refuses it in a sentence.
 *
 * <p>The system property {@code convene.fuzz.factor} multiplies their number.
 */
public final class DamagedCopies {
  private static final int FACTOR = Integer.getInteger("convene.fuzz.factor", 1);
  private static final int[] LIES = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 1 << 30, 0, 1 << 24};
  private static final int MAX_REPEATS = 20_000;

  private final String name;
  private final byte[] good;

  /** Reads a copy. */
  @FunctionalInterface
  public interface Reader {
    void read(byte[] copy) throws Exception;
  }

  /**
   * @param name the file's, for messages
   */
  public DamagedCopies(String name, byte[] good) {
    this.name = name;
    this.good = good.clone();
  }

  /**
   * Reads so many copies, and prints how many were refused.
   *
   * @param reader fails with nothing but a {@link ConveneException} of a wrong conf or wrong data
   */
  public void areReadOrRefused(int count, Reader reader) {
    int refused = 0;
    int copies = count * FACTOR;
    for (int i = 0; i < copies; i++) {
      byte[] copy = copy(i);
      try {
        reader.read(copy);
      } catch (ConveneException refusal) {
        assertThat(refusal.status())
            .as("copy %s of %s: %s", i, name, refusal)
            .isIn(ExitStatus.USAGE, ExitStatus.DATA);
        assertThat(refusal.getMessage()).isNotBlank();
        refused++;
      } catch (Exception | OutOfMemoryError | StackOverflowError failure) {
        fail("copy " + i + " of " + name, failure);
      }
    }
    System.out.printf("%s: %d damaged copies, %d refused%n", name, copies, refused);
    assertThat(refused).isPositive();
  }

  /** The copy of that number. */
  public byte[] copy(int number) {
    Random random = new Random(number);
    byte[] copy = good.clone();
    int damages = 1 + random.nextInt(4);
    for (int i = 0; i < damages; i++) {
      copy = damaged(copy, random);
    }
    return copy;
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    if (bytes.length < Long.BYTES) {
      return bytes;
    }
    int at = random.nextInt(bytes.length - Integer.BYTES);
    int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
    switch (random.nextInt(8)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> {
        int lie = LIES[random.nextInt(LIES.length)];
        boolean bigEndian = random.nextBoolean();
        for (int i = 0; i < Integer.BYTES; i++) {
          bytes[at + (bigEndian ? i : Integer.BYTES - 1 - i)] = (byte) (lie >>> (24 - 8 * i));
        }
      }
      case 3 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 4 -> {
        return spliced(bytes, at, at + length, new byte[0]);
      }
      case 5 -> {
        return spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
      }
      case 6 -> {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return spliced(bytes, at, at, noise);
      }
      default -> {
        byte[] repeated = new byte[1 + random.nextInt(MAX_REPEATS)];
        Arrays.fill(repeated, bytes[at]);
        return spliced(bytes, at, at, repeated);
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int until, byte[] inserted) {
    byte[] spliced = new byte[bytes.length - (until - from) + inserted.length];
    System.arraycopy(bytes, 0, spliced, 0, from);
    System.arraycopy(inserted, 0, spliced, from, inserted.length);
    System.arraycopy(bytes, until, spliced, from + inserted.length, bytes.length - until);
    return spliced;
  }
}
