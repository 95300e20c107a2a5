package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.html.ComparedRun;
import dev.convene.html.Comparison;
import dev.convene.report.TextTable;
import dev.convene.train.EpochRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;

/**
 * Puts runs side by side, by the files in their output.dir: metrics, the best marked, and settings
 * that differ, and, where compare.report names a file, a page with their curves over each other.
 *
 * <pre>convene compare output/a output/b --set compare.report=comparison.html</pre>
 */
@Command(
    name = "compare",
    description = "Put the runs in some output.dir side by side: compare DIR DIR...")
final class CompareJob extends Job {
  private static final String BEST = "* ";

  @Override
  boolean takesArguments() {
    return true;
  }

  @Override
  String run() throws IOException {
    if (arguments().size() < 2) {
      throw ConveneException.usage(
          "compare takes the output.dir of two trainings or more: compare DIR DIR...");
    }
    Configuration hadoop = HadoopSettings.of(new SparkConf());
    Optional<OutputFile> page = OutputFile.ifSet(settings(), Keys.COMPARE_REPORT, ".html", hadoop);
    List<FinishedRun> runs = new ArrayList<>();
    for (String dir : arguments()) {
      runs.add(FinishedRun.read("compare", dir, hadoop));
    }
    Comparison comparison = new Comparison(compared(runs));
    System.out.print(text(comparison.metrics()));
    if (!comparison.settings().lines().isEmpty()) {
      System.out.print("\n" + text(comparison.settings()));
    }
    if (page.isPresent()) {
      page.get().write(comparison.html().getBytes(StandardCharsets.UTF_8));
    }
    return "compared %d runs%s"
        .formatted(runs.size(), page.map(file -> ", curves in " + file.name()).orElse(""));
  }

  private static List<ComparedRun> compared(List<FinishedRun> runs) {
    TreeSet<String> different = new TreeSet<>();
    runs.forEach(run -> different.addAll(run.settings().keySet()));
    different.removeIf(
        key ->
            key.startsWith("output.")
                || runs.stream().map(run -> run.settings().get(key)).distinct().count() == 1);
    List<String> names = names(runs);
    return IntStream.range(0, runs.size())
        .mapToObj(
            i -> {
              Map<String, String> settings = new LinkedHashMap<>(runs.get(i).settings());
              settings.keySet().retainAll(different);
              return new ComparedRun(
                  names.get(i), runs.get(i).history(), settings, metrics(runs.get(i)));
            })
        .toList();
  }

  /** Those of metrics.json, and what the history comes to. */
  private static Map<String, Double> metrics(FinishedRun run) {
    Map<String, Double> metrics = new TreeMap<>(run.metrics());
    metrics.remove("epoch");
    List<EpochRecord> history = run.history();
    metrics.put("epochs", (double) history.size());
    metrics.put("seconds", history.stream().mapToDouble(EpochRecord::seconds).sum());
    metrics.put("trainLoss", history.get(history.size() - 1).trainLoss());
    history.stream()
        .map(EpochRecord::validationLoss)
        .filter(Objects::nonNull)
        .min(Double::compare)
        .ifPresent(least -> metrics.put("validationLoss", least));
    return metrics;
  }

  /** The last names of the directories, or all that was given where these are not enough. */
  private static List<String> names(List<FinishedRun> runs) {
    List<String> last = runs.stream().map(run -> new Path(run.dir()).getName()).toList();
    return last.stream().distinct().count() == runs.size()
        ? last
        : runs.stream().map(FinishedRun::dir).toList();
  }

  private static String text(Comparison.Table table) {
    List<List<String>> lines = new ArrayList<>(List.of(table.header()));
    for (Comparison.Line line : table.lines()) {
      List<String> cells = new ArrayList<>(List.of(line.name()));
      for (int i = 0; i < line.values().size(); i++) {
        cells.add((line.best().get(i) ? BEST : "") + line.values().get(i));
      }
      lines.add(cells);
    }
    return TextTable.of(lines);
  }
}
