package dev.convene.report;

/**
 * A model on test rows.
 *
 * @param sample of these rows
 */
public record Evaluated(Metrics metrics, EvaluationSample sample) {}
