package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.data.fetch.DataSetFetcher;
import dev.convene.data.fetch.RegisteredDataSet;
import dev.convene.data.fetch.RegisteredDataSets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/**
 * Fetches registered data sets into the cache.
 *
 * <pre>convene fetch-data mnist fashion-mnist</pre>
 */
@Command(
    name = "fetch-data",
    description = "Fetch registered data sets (mnist, fashion-mnist, ...) into the cache.")
final class FetchDataJob extends Job {
  @Override
  boolean takesArguments() {
    return true;
  }

  @Override
  String run() {
    if (arguments().isEmpty()) {
      throw ConveneException.usage(
          "name the data sets to fetch: %s", String.join(", ", RegisteredDataSets.names()));
    }
    List<RegisteredDataSet> sets = arguments().stream().map(RegisteredDataSets::named).toList();
    DataSetFetcher fetcher =
        new DataSetFetcher(
            new InputReader(settings(), spark()).sharedCache(),
            spark().sparkContext().hadoopConfiguration());
    List<String> directories = new ArrayList<>();
    for (RegisteredDataSet set : sets) {
      fetcher.fetch(set);
      set.splits().forEach(split -> directories.add(fetcher.directory(set, split).toString()));
    }
    return String.join(System.lineSeparator(), directories);
  }
}
