package dev.convene.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that the tests run in. */
public final class Checkout {
  private Checkout() {}

  /** Its top folder, absolute: at or above the working directory. */
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("submit/convene"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
