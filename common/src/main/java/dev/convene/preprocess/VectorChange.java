package dev.convene.preprocess;

import dev.convene.ConveneException;
import java.io.Serializable;
import java.util.stream.DoubleStream;

/** What an MLlib stage does to the features of a vector, to the bit. */
sealed interface VectorChange extends Serializable {
  /** Changes the features [first, first + size), whose entries are those from one on. */
  void apply(FeatureBuffer features, int from, int first, int size);

  /** Says what becomes of features. */
  <T> T accept(FeatureVisitor<T> visitor, T features);

  private static void requireSize(int actual, int fitted) {
    if (actual != fitted) {
      throw ConveneException.data(
          "a row has %d features where preprocessing was fitted to %d", actual, fitted);
    }
  }

  /** ElementwiseProduct, and scalers that do not shift: zeros stay. */
  final class Product implements VectorChange {
    private static final long serialVersionUID = 1;

    private final double[] factors;

    Product(double[] factors) {
      this.factors = factors;
    }

    @Override
    public void apply(FeatureBuffer features, int from, int first, int size) {
      requireSize(size, factors.length);
      for (int e = from; e < features.size(); e++) {
        features.set(e, features.value(e) * factors[features.index(e) - first]);
      }
    }

    @Override
    public <T> T accept(FeatureVisitor<T> visitor, T features) {
      double[] zeros = new double[factors.length];
      return visitor.scaled(features, zeros, factors.clone(), zeros);
    }
  }

  /** Scalers that shift, then multiply: the result is dense. */
  final class ShiftAndProduct implements VectorChange {
    private static final long serialVersionUID = 1;

    private final double[] shift;
    private final double[] factors;

    ShiftAndProduct(double[] shift, double[] factors) {
      this.shift = shift;
      this.factors = factors;
    }

    @Override
    public void apply(FeatureBuffer features, int from, int first, int size) {
      requireSize(size, factors.length);
      features.fill(from, first, size);
      for (int f = 0; f < size; f++) {
        features.set(from + f, (features.value(from + f) - shift[f]) * factors[f]);
      }
      features.setSparse(false);
    }

    @Override
    public <T> T accept(FeatureVisitor<T> visitor, T features) {
      return visitor.scaled(features, shift.clone(), factors.clone(), new double[factors.length]);
    }
  }

  /** MinMaxScalerModel to [low, high]; constant columns, of factor 0, come to lie in the middle. */
  final class MinMax implements VectorChange {
    private static final long serialVersionUID = 1;

    private final double[] minimum;
    private final double[] factors;
    private final double low;
    private final double high;

    MinMax(double[] minimum, double[] factors, double low, double high) {
      this.minimum = minimum;
      this.factors = factors;
      this.low = low;
      this.high = high;
    }

    @Override
    public void apply(FeatureBuffer features, int from, int first, int size) {
      requireSize(size, factors.length);
      features.fill(from, first, size);
      for (int f = 0; f < size; f++) {
        double value = features.value(from + f);
        if (!Double.isNaN(value)) {
          features.set(
              from + f,
              factors[f] != 0 ? (value - minimum[f]) * factors[f] + low : (low + high) / 2);
        }
      }
      features.compress(from, size);
    }

    @Override
    public <T> T accept(FeatureVisitor<T> visitor, T features) {
      double[] offsets =
          DoubleStream.of(factors).map(factor -> factor != 0 ? low : (low + high) / 2).toArray();
      return visitor.scaled(features, minimum.clone(), factors.clone(), offsets);
    }
  }

  /** Normalizer by the 1-, 2- or infinity-norm. */
  record Division(double p) implements VectorChange {
    @Override
    public void apply(FeatureBuffer features, int from, int first, int size) {
      double norm = norm(features, from);
      if (norm != 0) {
        for (int e = from; e < features.size(); e++) {
          features.set(e, features.value(e) / norm);
        }
      }
    }

    @Override
    public <T> T accept(FeatureVisitor<T> visitor, T features) {
      return visitor.normalized(features, p);
    }

    private double norm(FeatureBuffer features, int from) {
      double sum = 0;
      double largest = 0;
      for (int e = from; e < features.size(); e++) {
        double magnitude = Math.abs(features.value(e));
        sum += p == 2 ? magnitude * magnitude : magnitude;
        largest = Math.max(largest, magnitude);
      }
      return Double.isInfinite(p) ? largest : p == 2 ? Math.sqrt(sum) : sum;
    }
  }
}
