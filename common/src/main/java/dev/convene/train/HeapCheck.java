package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.nn.Network;

/** Refuses networks that cannot fit into the JVM, before an OutOfMemoryError ends it. */
public final class HeapCheck {
  private static final int MEGABYTE = 1 << 20;

  private HeapCheck() {}

  /**
   * Checks what training needs at least: parameters before and after a step, and what the optimizer
   * remembers; and the numbers of the widest layer, forth and back, for one row.
   *
   * @param stateCount arrays as long as the parameters that the optimizer remembers
   * @throws ConveneException (usage) if that is more than all memory of this JVM
   */
  public static void requireRoomFor(Network network, int stateCount) {
    requireRoomFor(network, stateCount, Runtime.getRuntime().maxMemory());
  }

  static void requireRoomFor(Network network, int stateCount, long heapBytes) {
    long numbers = (2L + stateCount) * network.parameterCount() + 2L * network.widestLayer();
    long bytes = numbers * Float.BYTES;
    if (bytes > heapBytes) {
      throw ConveneException.usage(
          "a network of %s parameters, %s numbers wide, takes at least %s MB to train, and the JVM"
              + " has %s MB: make layers narrower or features fewer, or give Spark more memory"
              + " (--driver-memory, --executor-memory)",
          network.parameterCount(), network.widestLayer(), bytes / MEGABYTE, heapBytes / MEGABYTE);
    }
  }
}
