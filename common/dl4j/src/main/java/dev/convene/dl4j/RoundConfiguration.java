package dev.convene.dl4j;

import dev.convene.train.Round;
import java.io.Serializable;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/** The configuration of a network, with the learning rates of a round. */
interface RoundConfiguration extends Serializable {
  /** One for the caller alone. */
  MultiLayerConfiguration in(Round round);
}
