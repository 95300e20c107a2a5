package dev.convene.scorer;

/**
 * The tensors of one row while it is scored, each in the place of its kind that its {@link Slot}
 * names. Nobody changes an array that is there: constants are shared by all rows.
 */
final class RowValues {
  /** Where a tensor is. */
  record Slot(Kind kind, int place) {}

  enum Kind {
    /** Numbers of every type but the network's own, as double: booleans are 0 or 1. */
    NUMBERS,
    /** Numbers of the network. */
    FLOATS,
    TEXTS
  }

  private final double[][] numbers;
  private final float[][] floats;
  private final String[][] texts;

  RowValues(int numbers, int floats, int texts) {
    this.numbers = new double[numbers][];
    this.floats = new float[floats][];
    this.texts = new String[texts][];
  }

  private RowValues(RowValues constants) {
    numbers = constants.numbers.clone();
    floats = constants.floats.clone();
    texts = constants.texts.clone();
  }

  /** Those of another row, which has the same constants. */
  RowValues ofAnotherRow() {
    return new RowValues(this);
  }

  double[] numbers(int place) {
    return numbers[place];
  }

  float[] floats(int place) {
    return floats[place];
  }

  String[] texts(int place) {
    return texts[place];
  }

  void setNumbers(int place, double... values) {
    numbers[place] = values;
  }

  void setFloats(int place, float... values) {
    floats[place] = values;
  }

  void setTexts(int place, String... values) {
    texts[place] = values;
  }
}
