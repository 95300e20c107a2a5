package dev.convene.nn;

/** z sigmoid(z), also known as swish (Elfwing, Uchibe, Doya 2018). */
record Silu() implements ExponentialActivation {
  @Override
  public String description() {
    return "silu";
  }

  @Override
  public double squaredGain() {
    return Relu.SQUARED_GAIN;
  }

  @Override
  public void evaluate(Chunk chunk, int count) {
    float[] z = chunk.z;
    float[] values = chunk.values;
    float[] derivatives = chunk.derivatives;
    Sigmoid.compute(chunk, count);
    for (int i = 0; i < count; i++) {
      float sigmoid = values[i];
      derivatives[i] = sigmoid * (1 + z[i] * (1 - sigmoid));
      values[i] = z[i] * sigmoid;
    }
  }
}
