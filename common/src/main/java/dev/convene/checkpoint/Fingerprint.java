package dev.convene.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What decides the bits of a training, by names that its user knows: a progress is of use to no
 * training of another one.
 *
 * @param values by name
 */
public record Fingerprint(Map<String, String> values) {

  public Fingerprint {
    values = new TreeMap<>(values);
  }

  /** The same without these. */
  public Fingerprint without(Collection<String> names) {
    Map<String, String> others = new TreeMap<>(values);
    others.keySet().removeAll(names);
    return new Fingerprint(others);
  }

  /** What was other then, in words: {@code epochs was 15 and is 20}. Empty if nothing was. */
  List<String> changesSince(Fingerprint then) {
    TreeSet<String> names = new TreeSet<>(values.keySet());
    names.addAll(then.values.keySet());
    List<String> changes = new ArrayList<>();
    for (String name : names) {
      String old = then.values.get(name);
      String now = values.get(name);
      if (!Objects.equals(old, now)) {
        changes.add("%s was %s and is %s".formatted(name, word(old), word(now)));
      }
    }
    return changes;
  }

  private static String word(String value) {
    return value == null ? "not set" : value;
  }
}
