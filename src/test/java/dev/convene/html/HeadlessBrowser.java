package dev.convene.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Chromium of this machine, without a window. */
public record HeadlessBrowser(Path executable) {
  /**
   * The browser's own attempts to find updates and dictionaries, which no option turns off; they
   * reach nobody.
   */
  private static final Pattern OWN =
      Pattern.compile("https?://[a-z0-9.]*\\.(google|googleapis|gvt1)\\.com/.*");

  private static final Pattern REQUEST = Pattern.compile("\"url\":\"(https?:[^\"]*)\"");

  /**
   * A page as it is shown.
   *
   * @param dom its elements when its scripts have run
   * @param console what it wrote there, and what the browser wrote about it
   * @param requests addresses that it asked for over a network
   */
  public record Shown(String dom, List<String> console, List<String> requests) {}

  /** The browser, if there is one. */
  public static Optional<HeadlessBrowser> installed() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .map(HeadlessBrowser::new);
  }

  /**
   * Opens a file.
   *
   * @param folder for what the browser writes, its own
   */
  public Shown open(Path file, Path folder) throws IOException, InterruptedException {
    Path out = folder.resolve("dom.html");
    Path err = folder.resolve("browser.log");
    Path requests = folder.resolve("requests.json");
    List<String> command =
        new ArrayList<>(
            List.of(
                executable.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--no-first-run",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=" + folder.resolve("profile"),
                "--enable-logging=stderr",
                "--log-net-log=" + requests,
                "--window-size=1280,2000",
                "--virtual-time-budget=5000",
                "--dump-dom",
                file.toUri().toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("the browser ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Shown(
        Files.readString(out),
        Files.readString(err, StandardCharsets.ISO_8859_1)
            .lines()
            .filter(line -> line.contains(":CONSOLE:"))
            .toList(),
        addresses(Files.readString(requests)));
  }

  private static List<String> addresses(String log) {
    List<String> addresses = new ArrayList<>();
    Matcher request = REQUEST.matcher(log);
    while (request.find()) {
      if (!OWN.matcher(request.group(1)).matches()) {
        addresses.add(request.group(1));
      }
    }
    return addresses;
  }
}
