package dev.convene.nn;

/**
 * A stream of pseudo-random numbers that is named by what it is for, so that no use of randomness
 * depends on how often another one drew. Same name, same numbers, on every machine.
 *
 * <p>The generator is SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014.
 */
public final class RandomStream {
  /** What a stream is for. The keys are part of every trained result. */
  public enum Purpose {
    INITIAL_PARAMETERS(1),
    ROW_ORDER(2),
    DROPOUT(3),
    FEATURE_PERMUTATION(4);

    private final long key;

    Purpose(long key) {
      this.key = key;
    }
  }

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final long origin;
  private long drawn;

  private RandomStream(long origin) {
    this.origin = origin;
  }

  /**
   * The stream of a purpose.
   *
   * @param path what distinguishes this stream from others of its purpose, such as epoch, worker,
   *     minibatch
   */
  public static RandomStream of(long seed, Purpose purpose, long... path) {
    long origin = mix(mix(seed + GOLDEN_GAMMA) + purpose.key);
    for (long step : path) {
      origin = mix(origin * 3 + mix(step + GOLDEN_GAMMA));
    }
    return new RandomStream(origin);
  }

  /** The 64 random bits at a place of the stream, whatever was drawn before. */
  public long bitsAt(long place) {
    return mix(origin + place * GOLDEN_GAMMA);
  }

  /** Uniform in [0, 1), 53 bits. */
  public double nextDouble() {
    return (bitsAt(++drawn) >>> 11) * 0x1p-53;
  }

  /** Uniform in [0, bound), bound at least 1. */
  public int nextInt(int bound) {
    // Lemire, "Fast random integer generation in an interval", 2019, without its rejection step:
    // over 2^64 the bias is below 2^-33.
    return (int) Math.multiplyHigh(bitsAt(++drawn) >>> 1, (long) bound << 1);
  }

  /** Standard normal, by Box and Muller 1958; StrictMath has the same bits on every machine. */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }

  /** The numbers 0 to n - 1 in a random order (Fisher and Yates). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
