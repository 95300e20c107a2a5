package dev.convene.preprocess;

import dev.convene.preprocess.DerivedColumns.Derived;
import dev.convene.preprocess.Feature.Assembled;
import dev.convene.preprocess.Feature.Bin;
import dev.convene.preprocess.Feature.CategoryIndex;
import dev.convene.preprocess.Feature.ChangedFeature;
import dev.convene.preprocess.Feature.HashedFeature;
import dev.convene.preprocess.Feature.IndexedCategory;
import dev.convene.preprocess.Feature.MissingFeature;
import dev.convene.preprocess.Feature.NumberFeature;
import dev.convene.preprocess.Feature.OneHotFeature;
import dev.convene.preprocess.Feature.VectorFeature;
import dev.convene.preprocess.InputColumn.Kind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.Bucketizer;
import org.apache.spark.ml.feature.ElementwiseProduct;
import org.apache.spark.ml.feature.FeatureHasher;
import org.apache.spark.ml.feature.ImputerModel;
import org.apache.spark.ml.feature.MaxAbsScalerModel;
import org.apache.spark.ml.feature.MinMaxScalerModel;
import org.apache.spark.ml.feature.OneHotEncoderModel;
import org.apache.spark.ml.feature.RobustScalerModel;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.feature.VectorSizeHint;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Reads from fitted MLlib stages what one of their output columns is as a function of a row. */
final class StageInterpreter {
  /** Some stage or setting of it is not among those that preprocessing makes. */
  private static final class NotInterpreted extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Features and category indices by the column that holds them, made when asked for. */
  private final Map<String, Supplier<Object>> definitions = new HashMap<>();

  /** The raw columns that columns of numbers and text are cast from. */
  private final Map<String, String> castFrom = new HashMap<>();

  private final Map<String, Integer> vectorSizes = new HashMap<>();
  private final Map<String, InputColumn> inputs = new LinkedHashMap<>();

  /** The places of {@link #inputs}. */
  private final Map<String, Integer> places = new HashMap<>();

  /** The indices of the known categories, by the raw column. */
  private final Map<String, Map<String, Integer>> categories = new HashMap<>();

  private StageInterpreter() {}

  /** The encoder for a column; empty if it needs a stage that is none of ours. */
  static Optional<FeatureEncoder> encoder(List<Transformer> stages, String outputColumn) {
    StageInterpreter interpreter = new StageInterpreter();
    try {
      stages.forEach(interpreter::define);
      Feature root =
          interpreter.definitions.containsKey(outputColumn)
              ? interpreter.feature(outputColumn)
              : interpreter.vector(outputColumn);
      return Optional.of(
          new FeatureEncoder(
              root, List.copyOf(interpreter.inputs.values()), interpreter.categories));
    } catch (NotInterpreted e) {
      return Optional.empty();
    }
  }

  private void define(Transformer stage) {
    if (stage instanceof SQLTransformer sql) {
      DerivedColumns.of(sql).orElseThrow(NotInterpreted::new).forEach(this::derived);
    } else if (stage instanceof ImputerModel imputer) {
      imputed(imputer);
    } else if (stage instanceof StringIndexerModel indexer) {
      indexed(indexer);
    } else if (stage instanceof Bucketizer bucketizer) {
      binned(bucketizer);
    } else if (stage instanceof OneHotEncoderModel encoder) {
      oneHot(encoder);
    } else if (stage instanceof FeatureHasher hasher) {
      hashed(hasher);
    } else if (stage instanceof VectorSizeHint hint) {
      require(hint.getHandleInvalid().equals("error"));
      vectorSizes.put(hint.getInputCol(), hint.getSize());
    } else if (stage instanceof VectorAssembler assembler) {
      require(assembler.getHandleInvalid().equals("error"));
      definitions.put(
          assembler.getOutputCol(),
          () ->
              new Assembled(
                  Stream.of(assembler.getInputCols()).map(this::feature).toArray(Feature[]::new)));
    } else {
      changed(stage);
    }
  }

  private void changed(Transformer stage) {
    if (stage instanceof ElementwiseProduct product) {
      changed(
          product.getInputCol(),
          product.getOutputCol(),
          new VectorChange.Product(product.getScalingVec().toArray()));
    } else if (stage instanceof StandardScalerModel scaler) {
      changed(
          scaler.getInputCol(),
          scaler.getOutputCol(),
          shiftAndScale(scaler.getWithMean(), scaler.mean(), scaler.getWithStd(), scaler.std()));
    } else if (stage instanceof RobustScalerModel scaler) {
      changed(
          scaler.getInputCol(),
          scaler.getOutputCol(),
          shiftAndScale(
              scaler.getWithCentering(), scaler.median(), scaler.getWithScaling(), scaler.range()));
    } else if (stage instanceof MinMaxScalerModel scaler) {
      changed(scaler.getInputCol(), scaler.getOutputCol(), minMax(scaler));
    } else if (stage instanceof MaxAbsScalerModel scaler) {
      double[] factors =
          DoubleStream.of(scaler.maxAbs().toArray()).map(m -> m == 0 ? 1 : 1 / m).toArray();
      changed(scaler.getInputCol(), scaler.getOutputCol(), new VectorChange.Product(factors));
    } else if (stage instanceof org.apache.spark.ml.feature.Normalizer normalizer) {
      double p = normalizer.getP();
      require(p == 1 || p == 2 || p == Double.POSITIVE_INFINITY);
      changed(normalizer.getInputCol(), normalizer.getOutputCol(), new VectorChange.Division(p));
    } else {
      throw new NotInterpreted();
    }
  }

  private void derived(Derived column) {
    switch (column.kind()) {
      case TEXT, NUMBER, VECTOR -> castFrom.put(column.name(), raw(column.source()));
      case MISSING -> {
        String source = raw(column.source());
        definitions.put(
            column.name(), () -> new MissingFeature(input(source, Kind.NUMERIC, true), source));
      }
    }
  }

  private void imputed(ImputerModel imputer) {
    require(Double.isNaN(imputer.getMissingValue()));
    String[] columns = imputer.getInOutCols()._1();
    String[] outputs = imputer.getInOutCols()._2();
    Row surrogates =
        imputer
            .surrogateDF()
            .select(Stream.of(columns).map(functions::col).toArray(Column[]::new))
            .head();
    for (int c = 0; c < columns.length; c++) {
      String column = raw(columns[c]);
      double surrogate = ((Number) surrogates.get(c)).doubleValue();
      definitions.put(
          outputs[c],
          () -> new NumberFeature(input(column, Kind.NUMERIC, true), column, surrogate));
    }
  }

  private void indexed(StringIndexerModel indexer) {
    boolean keep = indexer.getHandleInvalid().equals("keep");
    require(keep || indexer.getHandleInvalid().equals("error"));
    String[] columns = indexer.getInOutCols()._1();
    String[] outputs = indexer.getInOutCols()._2();
    for (int c = 0; c < columns.length; c++) {
      String column = raw(columns[c]);
      String[] labels = indexer.labelsArray()[c];
      Map<String, Integer> indices = CategorySpelling.indices(labels);
      categories.put(column, indices);
      definitions.put(
          outputs[c],
          () ->
              new IndexedCategory(
                  input(column, Kind.CATEGORICAL, keep),
                  column,
                  indices,
                  keep ? labels.length : -1));
    }
  }

  private void binned(Bucketizer bucketizer) {
    require(bucketizer.isSet(bucketizer.inputCol()));
    require(bucketizer.getHandleInvalid().equals("error"));
    double[] splits = bucketizer.getSplits();
    require(splits[0] == Double.NEGATIVE_INFINITY);
    require(splits[splits.length - 1] == Double.POSITIVE_INFINITY);
    definitions.put(
        bucketizer.getOutputCol(), () -> new Bin(number(bucketizer.getInputCol()), splits));
  }

  private void oneHot(OneHotEncoderModel encoder) {
    require(!encoder.getDropLast() && encoder.getHandleInvalid().equals("error"));
    String[] columns = encoder.getInOutCols()._1();
    String[] outputs = encoder.getInOutCols()._2();
    for (int c = 0; c < columns.length; c++) {
      String column = columns[c];
      int size = encoder.categorySizes()[c];
      definitions.put(
          outputs[c], () -> new OneHotFeature(defined(column, CategoryIndex.class), size));
    }
  }

  private void hashed(FeatureHasher hasher) {
    String[] columns = hasher.getInputCols();
    require(columns.length == 1 && Arrays.equals(columns, hasher.getCategoricalCols()));
    String column = raw(columns[0]);
    definitions.put(
        hasher.getOutputCol(),
        () ->
            new HashedFeature(
                input(column, Kind.CATEGORICAL, true),
                column,
                columns[0],
                hasher.getNumFeatures()));
  }

  private void changed(String column, String output, VectorChange change) {
    definitions.put(output, () -> new ChangedFeature(vector(column), change));
  }

  private static VectorChange shiftAndScale(
      boolean shifts, Vector shift, boolean scales, Vector scale) {
    double[] factors =
        DoubleStream.of(scale.toArray()).map(s -> !scales ? 1 : s == 0 ? 0 : 1 / s).toArray();
    return shifts
        ? new VectorChange.ShiftAndProduct(shift.toArray(), factors)
        : new VectorChange.Product(factors);
  }

  private static VectorChange minMax(MinMaxScalerModel scaler) {
    double[] minimum = scaler.originalMin().toArray();
    double[] maximum = scaler.originalMax().toArray();
    double width = scaler.getMax() - scaler.getMin();
    double[] factors =
        IntStream.range(0, minimum.length)
            .mapToDouble(f -> maximum[f] == minimum[f] ? 0 : width / (maximum[f] - minimum[f]))
            .toArray();
    return new VectorChange.MinMax(minimum, factors, scaler.getMin(), scaler.getMax());
  }

  private Feature feature(String column) {
    if (definitions.containsKey(column)) {
      return defined(column, Feature.class);
    }
    return vectorSizes.containsKey(column) ? vector(column) : number(column);
  }

  private Feature vector(String column) {
    if (definitions.containsKey(column)) {
      return defined(column, Feature.class);
    }
    String raw = raw(column);
    int size = vectorSizes.getOrDefault(column, -1);
    return new VectorFeature(input(raw, Kind.VECTOR, false), raw, size);
  }

  private NumberFeature number(String column) {
    if (definitions.containsKey(column)) {
      return defined(column, NumberFeature.class);
    }
    String raw = raw(column);
    return new NumberFeature(input(raw, Kind.NUMERIC, false), raw, Double.NaN);
  }

  /** The raw column that a column is, or is cast from. */
  private String raw(String column) {
    require(!definitions.containsKey(column));
    return castFrom.getOrDefault(column, column);
  }

  private <T> T defined(String column, Class<T> type) {
    Object definition = definitions.getOrDefault(column, () -> null).get();
    require(type.isInstance(definition));
    return type.cast(definition);
  }

  /** The number of a raw column; missing is allowed only if all of its readers do. */
  private int input(String column, Kind kind, boolean missingAllowed) {
    InputColumn before = inputs.get(column);
    require(before == null || before.kind() == kind);
    boolean allowed = missingAllowed && (before == null || before.missingAllowed());
    inputs.put(column, new InputColumn(column, kind, allowed));
    return places.computeIfAbsent(column, added -> inputs.size() - 1);
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new NotInterpreted();
    }
  }
}
