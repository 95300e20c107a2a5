package dev.convene.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Spark's log of the events of an application that has ended. */
final class EventLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> events;

  private EventLog(List<JsonNode> events) {
    this.events = events;
  }

  /** Reads the only one in a folder. */
  static EventLog in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Path log =
          files
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .findFirst()
              .orElseThrow();
      List<JsonNode> events = new ArrayList<>();
      for (String line : Files.readAllLines(log)) {
        events.add(JSON.readTree(line));
      }
      return new EventLog(events);
    }
  }

  /**
   * The executors that can keep blocks, in the order in which they came, with the time of it in
   * milliseconds since 1970.
   */
  List<Arrival> arrivals() {
    return named("SparkListenerBlockManagerAdded")
        .map(
            event ->
                new Arrival(
                    event.get("Block Manager ID").get("Executor ID").asText(),
                    event.get("Timestamp").asLong()))
        .filter(arrival -> !arrival.executor.equals("driver"))
        .toList();
  }

  record Arrival(String executor, long millis) {}

  /**
   * The executors that ran tasks of each of a training's rounds that began at that time or later.
   */
  List<Set<String>> executorsOfRoundsSince(long millis) {
    List<Set<String>> rounds = new ArrayList<>();
    named("SparkListenerJobStart")
        .filter(event -> event.get("Submission Time").asLong() >= millis)
        .filter(
            event ->
                event
                    .path("Properties")
                    .path("spark.job.description")
                    .asText()
                    .matches("Convene: epoch \\d+, round \\d+"))
        .forEach(event -> rounds.add(executors(event.get("Stage IDs"))));
    return rounds;
  }

  private Set<String> executors(JsonNode stageIds) {
    Set<Integer> stages = new HashSet<>();
    stageIds.forEach(id -> stages.add(id.asInt()));
    Set<String> executors = new TreeSet<>();
    named("SparkListenerTaskEnd")
        .filter(event -> stages.contains(event.get("Stage ID").asInt()))
        .forEach(event -> executors.add(event.get("Task Info").get("Executor ID").asText()));
    return executors;
  }

  private Stream<JsonNode> named(String name) {
    return events.stream().filter(event -> event.get("Event").asText().equals(name));
  }
}
