package dev.convene.config;

/**
 * The ways to average that can be chosen, by their {@link SettingName}s: see {@link WorkersPlan}.
 */
public enum AveragingMethod {
  /** By the number of workers. */
  AUTO,
  AVERAGE,
  BLOCK_MOMENTUM
}
