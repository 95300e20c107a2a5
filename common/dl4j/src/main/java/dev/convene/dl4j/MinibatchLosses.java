package dev.convene.dl4j;

import dev.convene.train.LossSum;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.util.CollectionAccumulator;

/**
 * The losses of a round's minibatches on their way to the driver. DL4J has no other way out of its
 * tasks. A task that ran twice counts once.
 */
final class MinibatchLosses implements Serializable {
  private final CollectionAccumulator<Entry> entries;

  private record Entry(int worker, int minibatch, LossSum sum) implements Serializable {}

  MinibatchLosses(SparkContext spark) {
    entries = spark.collectionAccumulator();
  }

  /** In a task. */
  void add(int worker, int minibatch, LossSum sum) {
    entries.add(new Entry(worker, minibatch, sum));
  }

  /** On the driver: all together, added in the order of workers and minibatches. */
  LossSum total() {
    Map<Entry, LossSum> ordered =
        new TreeMap<>(Comparator.comparingInt(Entry::worker).thenComparingInt(Entry::minibatch));
    entries.value().forEach(entry -> ordered.put(entry, entry.sum()));
    double loss = 0;
    double correct = 0;
    double weight = 0;
    long rows = 0;
    for (LossSum sum : ordered.values()) {
      loss += sum.lossSum();
      correct += sum.correct();
      weight += sum.weight();
      rows += sum.rows();
    }
    return new LossSum(loss, correct, weight, rows);
  }
}
