package dev.convene.nn;

import java.io.Serializable;

/**
 * A layer as people read it.
 *
 * @param name its kind and number, from 1
 * @param shape what goes in and what comes out
 * @param activation what is done to its outputs
 * @param parameters how many it has
 */
public record LayerSummary(String name, String shape, String activation, long parameters)
    implements Serializable {}
