package dev.convene.data;

import java.io.Serializable;

/**
 * Says what is wrong with a row that its source could not read.
 *
 * @param prefix what to say before that which {@link SourceTable#MALFORMED} holds
 * @param remedy what to do about it; empty if the problem says enough
 */
record Misfit(String prefix, String remedy) implements Serializable {
  static final String LEAVE_FILE_OUT =
      "remove the file, or leave it out by data.options.pathGlobFilter";

  String problem(String malformed) {
    return prefix + malformed;
  }

  String problemAndRemedy(String malformed) {
    return problem(malformed) + (remedy.isEmpty() ? "" : ": " + remedy);
  }
}
