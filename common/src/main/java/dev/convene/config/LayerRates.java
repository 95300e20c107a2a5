package dev.convene.config;

import java.util.Collections;
import java.util.List;

/**
 * A rate for each hidden layer.
 *
 * @param rates one, or as many as layers
 * @param isOneForAll whether the one is that of every layer
 */
public record LayerRates(List<Double> rates, boolean isOneForAll) {
  public LayerRates {
    rates = List.copyOf(rates);
  }

  static LayerRates same(double rate) {
    return new LayerRates(List.of(rate), true);
  }

  static LayerRates each(List<Double> rates) {
    return new LayerRates(rates, false);
  }

  /** Whether there is one for each of so many layers. */
  boolean fit(int layers) {
    return isOneForAll || rates.size() == layers;
  }

  /** Those of so many layers, which they fit. */
  public List<Double> ofLayers(int layers) {
    return isOneForAll ? Collections.nCopies(layers, rates.get(0)) : rates;
  }
}
