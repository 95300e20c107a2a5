package dev.convene.blas;

import com.sun.jna.NativeLibrary;

/**
 * The environment that native libraries see. The JVM's own {@code System.getenv} is a copy made
 * once, which neither shows nor makes changes.
 */
final class ProcessEnvironment {
  private ProcessEnvironment() {}

  /** The variable's value; null where it is not set. */
  static String variable(String name) {
    return NativeLibrary.getProcess()
        .getFunction("getenv")
        .invokeString(new Object[] {name}, false);
  }

  /** Sets the variable; null removes it. */
  static void set(String name, String value) {
    if (value == null) {
      NativeLibrary.getProcess().getFunction("unsetenv").invokeInt(new Object[] {name});
    } else {
      NativeLibrary.getProcess().getFunction("setenv").invokeInt(new Object[] {name, value, 1});
    }
  }
}
