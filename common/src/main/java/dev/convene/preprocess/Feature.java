package dev.convene.preprocess;

import dev.convene.ConveneException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;

/**
 * One or more features as a function of a row: what a column of MLlib's stages holds. Each kind
 * computes what its stage computes, to the bit.
 */
sealed interface Feature extends Serializable {
  /**
   * Adds this row's features to those before.
   *
   * @param first the index of the first of them
   * @return how many they are
   */
  int append(InputRow row, int first, FeatureBuffer features);

  /** Says what the features are. */
  <T> T accept(FeatureVisitor<T> visitor);

  /** A numeric column, with its ImputerModel's surrogate or NaN. */
  record NumberFeature(int input, String column, double surrogate) implements Feature {
    @Override
    public int append(InputRow row, int first, FeatureBuffer features) {
      double value = value(row);
      if (value != 0) {
        features.add(first, value);
      }
      return 1;
    }

    double value(InputRow row) {
      double value = row.number(input);
      if (!Double.isNaN(value)) {
        return value;
      }
      if (Double.isNaN(surrogate)) {
        throw ConveneException.data(
            "column %s is missing or NaN in a row, which preprocessing does not allow: clean the"
                + " row, or train with preprocess.missing = mean, median, mode or constant",
            column);
      }
      return surrogate;
    }

    @Override
    public <T> T accept(FeatureVisitor<T> visitor) {
      return visitor.number(column, surrogate);
    }
  }

  /** 1 where a number is missing, else 0. */
  record MissingFeature(int input, String column) implements Feature {
    @Override
    public <T> T accept(FeatureVisitor<T> visitor) {
      return visitor.missing(column);
    }

    @Override
    public int append(InputRow row, int first, FeatureBuffer features) {
      if (Double.isNaN(row.number(input))) {
        features.add(first, 1);
      }
      return 1;
    }
  }

  /**
   * A vector column.
   *
   * @param size the length that VectorSizeHint demands, or -1
   */
  record VectorFeature(int input, String column, int size) implements Feature {
    @Override
    public int append(InputRow row, int first, FeatureBuffer features) {
      Vector vector = row.vector(input);
      if (vector == null) {
        throw ConveneException.data(
            "column %s is missing in a row, which preprocessing does not allow: clean the row",
            column);
      }
      if (size >= 0 && vector.size() != size) {
        throw ConveneException.data(
            "column %s holds a vector of length %d; in training they were of length %d",
            column, vector.size(), size);
      }
      features.addAll(first, vector);
      features.setSparse(vector instanceof SparseVector);
      return vector.size();
    }

    @Override
    public <T> T accept(FeatureVisitor<T> visitor) {
      return visitor.vector(column, size);
    }
  }

  /** OneHotEncoderModel: of as many slots as there are categories, one is 1. */
  record OneHotFeature(CategoryIndex index, int size) implements Feature {
    @Override
    public int append(InputRow row, int first, FeatureBuffer features) {
      features.add(first + index.of(row), 1);
      return size;
    }

    @Override
    public <T> T accept(FeatureVisitor<T> visitor) {
      return index.accept(visitor, size);
    }
  }

  /**
   * FeatureHasher of one categorical column.
   *
   * @param term what the hash takes for the column's name
   */
  record HashedFeature(int input, String column, String term, int buckets) implements Feature {
    @Override
    public <T> T accept(FeatureVisitor<T> visitor) {
      return visitor.hashed(column, term, buckets);
    }

    @Override
    public int append(InputRow row, int first, FeatureBuffer features) {
      String category = row.category(input);
      if (category != null) {
        features.add(first + Math.floorMod(MllibModels.hash(term + "=" + category), buckets), 1);
      }
      return buckets;
    }
  }

  /** VectorAssembler. */
  final class Assembled implements Feature {
    private static final long serialVersionUID = 1;

    private final Feature[] parts;

    Assembled(Feature[] parts) {
      this.parts = parts;
    }

    @Override
    public int append(InputRow row, int first, FeatureBuffer features) {
      int from = features.size();
      int size = 0;
      for (Feature part : parts) {
        size += part.append(row, first + size, features);
      }
      features.dropZeros(from);
      features.compress(from, size);
      return size;
    }

    @Override
    public <T> T accept(FeatureVisitor<T> visitor) {
      return visitor.assembled(Stream.of(parts).map(part -> part.accept(visitor)).toList());
    }
  }

  /** A stage from vectors to vectors of the same length. */
  record ChangedFeature(Feature input, VectorChange change) implements Feature {
    @Override
    public int append(InputRow row, int first, FeatureBuffer features) {
      int from = features.size();
      int size = input.append(row, first, features);
      change.apply(features, from, first, size);
      return size;
    }

    @Override
    public <T> T accept(FeatureVisitor<T> visitor) {
      return change.accept(visitor, input.accept(visitor));
    }
  }

  /** The index of a row's category, from 0. */
  sealed interface CategoryIndex extends Serializable {
    int of(InputRow row);

    /** Says what the slots of the indices are, of which there are so many. */
    <T> T accept(FeatureVisitor<T> visitor, int slots);
  }

  /**
   * StringIndexerModel, but for spellings of whole numbers ({@link CategorySpelling}).
   *
   * @param unseen the index of unseen and missing categories; -1 if they are refused
   */
  record IndexedCategory(int input, String column, Map<String, Integer> indices, int unseen)
      implements CategoryIndex {
    @Override
    public int of(InputRow row) {
      String category = row.category(input);
      Integer index = category == null ? null : CategorySpelling.index(indices, category);
      if (index != null) {
        return index;
      }
      if (unseen < 0) {
        throw refusal(category);
      }
      return unseen;
    }

    @Override
    public <T> T accept(FeatureVisitor<T> visitor, int slots) {
      return visitor.category(column, indices, unseen, slots);
    }

    private ConveneException refusal(String category) {
      return category == null
          ? ConveneException.data(
              "column %s is missing in a row, which preprocess.unseen-category = error refuses:"
                  + " clean the row, or train with keep",
              column)
          : ConveneException.data(
              "column %s holds '%s', a category that training did not see: clean the row, or train"
                  + " with preprocess.unseen-category = keep",
              column, category);
    }
  }

  /** Bucketizer: the bin that a number lies in, borders included below. */
  final class Bin implements CategoryIndex {
    private static final long serialVersionUID = 1;

    private final NumberFeature number;
    private final double[] splits;

    Bin(NumberFeature number, double[] splits) {
      this.number = number;
      this.splits = splits;
    }

    @Override
    public int of(InputRow row) {
      int found = Arrays.binarySearch(splits, number.value(row));
      // A border begins a bin, but the last one ends it.
      return found >= 0 ? Math.min(found, splits.length - 2) : -found - 2;
    }

    @Override
    public <T> T accept(FeatureVisitor<T> visitor, int slots) {
      return visitor.binned(number.accept(visitor), Arrays.copyOfRange(splits, 1, slots));
    }
  }
}
