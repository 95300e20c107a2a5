package dev.convene.jobs;

import picocli.CommandLine.Command;

/**
 * Prints every setting in force and where it comes from, as HOCON.
 *
 * <pre>convene settings conf/mnist-softmax.conf --set train.epochs=3</pre>
 */
@Command(name = "settings", description = "Print the settings in force and where each comes from.")
final class SettingsJob extends Job {
  @Override
  String run() {
    return settings().describe().stripTrailing();
  }
}
