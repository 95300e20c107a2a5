package dev.convene.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import dev.convene.ConveneException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Refuses what is no setting, and names the nearest key. */
final class UnknownKeys {
  private static final int MAX_COMPARED = 200;

  private UnknownKeys() {}

  static void refuseIn(ConfigObject root) {
    refuseIn(root, List.of());
  }

  private static void refuseIn(ConfigObject object, List<String> path) {
    new TreeMap<>(object)
        .forEach(
            (name, value) -> {
              List<String> elements = new ArrayList<>(path);
              elements.add(name);
              refuse(ConfigUtil.joinPath(elements), value, elements);
            });
  }

  private static void refuse(String key, ConfigValue value, List<String> path) {
    if (Keys.all().stream().anyMatch(setting -> setting.key().equals(key))) {
      return;
    }
    if (value instanceof ConfigObject group && groups().anyMatch(key::equals)) {
      refuseIn(group, path);
    } else {
      throw unknown(key, Origins.words(value.origin()));
    }
  }

  static ConveneException unknown(String key, String where) {
    return groups().anyMatch(key::equals)
        ? ConveneException.usage(
            "%s (%s) is a group of settings and takes no value of its own", key, where)
        : ConveneException.usage(
            "unknown setting %s (%s); the nearest known one is %s", key, where, nearest(key));
  }

  /** By edit distance; the right name in the wrong group counts as near. */
  private static String nearest(String key) {
    // The beginning says as much of a key of thousands of characters, and is compared at once.
    String compared = key.substring(0, Math.min(key.length(), MAX_COMPARED));
    return Stream.concat(Keys.all().stream().map(Setting::key), groups())
        .map(known -> Neighbour.of(compared, known))
        .min(Comparator.comparing(Neighbour::byName).thenComparing(Neighbour::byKey))
        .orElseThrow()
        .known();
  }

  /**
   * A known key and its distances from an unknown one.
   *
   * @param byName where the group may be wrong
   */
  private record Neighbour(String known, int byKey, int byName) {
    static Neighbour of(String key, String known) {
      LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
      int byKey = distance.apply(key, known);
      return new Neighbour(
          known, byKey, Math.min(byKey, 1 + distance.apply(name(key), name(known))));
    }
  }

  private static Stream<String> groups() {
    return Keys.all().stream().flatMap(setting -> groupsOf(setting.key())).distinct();
  }

  private static Stream<String> groupsOf(String key) {
    return IntStream.range(0, key.length())
        .filter(at -> key.charAt(at) == '.')
        .mapToObj(at -> key.substring(0, at));
  }

  private static String name(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }
}
