package dev.convene.tune;

import java.util.List;

/** The results of a search, which outlive it: a search that was interrupted goes on with them. */
public interface SearchLog {
  /** Those of earlier runs of the same search. */
  List<RungResult> finished();

  /** Keeps a result for good. */
  void add(RungResult result);
}
