package dev.convene.ml;

import org.apache.spark.ml.util.Identifiable;

/**
 * Gives a spark.ml stage written in Java its uid in time: the constructors of Spark's classes ask
 * for it before a field of the subclass can be set. A stage's constructor announces it in an
 * argument of {@code this(...)}, and its {@code uid()} falls back to {@link #orAnnounced}.
 */
final class StageUid {
  private static final ThreadLocal<String> ANNOUNCED = new ThreadLocal<>();

  private StageUid() {}

  /** A new uid. */
  static String random(String prefix) {
    return Identifiable.randomUID(prefix);
  }

  /** In an argument of {@code this(...)}; returns it. */
  static String announce(String uid) {
    ANNOUNCED.set(uid);
    return uid;
  }

  /** The uid once the stage's field has it; what was announced last while it is null. */
  static String orAnnounced(String uid) {
    return uid == null ? ANNOUNCED.get() : uid;
  }
}
