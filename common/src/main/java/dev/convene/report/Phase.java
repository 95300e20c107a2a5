package dev.convene.report;

/**
 * A part of a run.
 *
 * @param name such as {@code training}
 */
public record Phase(String name, double seconds) {}
