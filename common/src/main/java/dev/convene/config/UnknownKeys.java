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
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    Comparator<String> byKey = Comparator.comparing(known -> distance.apply(key, known));
    Comparator<String> byName =
        Comparator.comparing(
            known ->
                Math.min(distance.apply(key, known), 1 + distance.apply(name(key), name(known))));
    return Stream.concat(Keys.all().stream().map(Setting::key), groups())
        .min(byName.thenComparing(byKey))
        .orElseThrow();
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
