package dev.convene.data.fetch;

import dev.convene.ConveneException;
import dev.convene.data.fetch.RegisteredDataSet.Split;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A split of a registered data set, as settings name it: {@code mnist:train}, or {@code iris} for a
 * set of one split.
 */
public record RegisteredSplit(RegisteredDataSet set, Split split) {
  // hdfs://host/x and file:/x have a slash after the colon, C:\x one letter before it.
  private static final Pattern NAME = Pattern.compile("([^/\\\\:*?{\\[]{2,}):([^/\\\\]*)");

  /**
   * The registered split that a location names.
   *
   * @return empty if the location is a path
   * @throws ConveneException if it has the form of a name but there is no such data set or split
   */
  public static Optional<RegisteredSplit> parse(String location) {
    Matcher name = NAME.matcher(location);
    if (name.matches()) {
      return Optional.of(named(RegisteredDataSets.named(name.group(1)), name.group(2)));
    }
    if (RegisteredDataSets.names().contains(location)) {
      RegisteredDataSet set = RegisteredDataSets.named(location);
      if (set.splits().size() == 1) {
        return Optional.of(new RegisteredSplit(set, set.splits().get(0)));
      }
      throw ConveneException.usage(
          "%s is a registered data set: its splits are %s (a directory of that name is" + " ./%s)",
          location, splits(set), location);
    }
    return Optional.empty();
  }

  private static RegisteredSplit named(RegisteredDataSet set, String split) {
    return set.splits().stream()
        .filter(candidate -> candidate.name().equals(split))
        .findFirst()
        .map(found -> new RegisteredSplit(set, found))
        .orElseThrow(
            () ->
                ConveneException.usage(
                    "the data set %s has no split %s; it has %s",
                    set.name(), split.isEmpty() ? "''" : split, splits(set)));
  }

  private static String splits(RegisteredDataSet set) {
    return set.splits().stream()
        .map(split -> set.name() + ":" + split.name())
        .collect(Collectors.joining(" and "));
  }

  @Override
  public String toString() {
    return set.splits().size() == 1 ? set.name() : set.name() + ":" + split.name();
  }
}
