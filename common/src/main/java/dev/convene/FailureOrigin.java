package dev.convene;

import java.util.List;
import org.apache.commons.lang3.exception.ExceptionUtils;

/** Where in the program a failure arose. */
public final class FailureOrigin {
  private FailureOrigin() {}

  /** The last of a failure's causes; the failure itself if it has none. */
  public static Throwable root(Throwable failure) {
    List<Throwable> chain = ExceptionUtils.getThrowableList(failure);
    return chain.get(chain.size() - 1);
  }

  /** The class whose code threw it, that of the JDK aside; empty if that is not known. */
  static String className(Throwable root) {
    for (StackTraceElement frame : root.getStackTrace()) {
      String name = frame.getClassName();
      if (!name.startsWith("java.") && !name.startsWith("jdk.")) {
        return name;
      }
    }
    return "";
  }

  /** Whether Convene's code made the mistake, say by an index, possibly inside a task. */
  public static boolean isConvene(Throwable root) {
    return className(root).startsWith("dev.convene.");
  }
}
