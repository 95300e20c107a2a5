package dev.convene.testkit;

import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Loads Convene's BLAS before any test: a test that asks netlib for one, if only for Java's, makes
 * it load the system's or none, and a JVM keeps what it has loaded first.
 */
public final class BlasBeforeTests implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    NativeBlas.load(BlasChoice.DEFAULT);
  }
}
