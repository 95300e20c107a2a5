package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseLayer;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.train.DescribedNetwork;
import dev.convene.train.DescribingTrainer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A network without its parameters as columns of a row: its {@code kind}, {@code inputs}, {@code
 * loss} and the widths of its {@code layers}, of which only the last is written for a network that
 * DL4J describes; then the columns of its kind, {@code activation} and {@code dropout} or {@code
 * description}.
 */
final class StoredNetwork {
  static final StructType SCHEMA =
      new StructType()
          .add("kind", DataTypes.StringType)
          .add("inputs", DataTypes.IntegerType)
          .add("layers", DataTypes.createArrayType(DataTypes.IntegerType))
          .add("activation", DataTypes.StringType)
          .add("dropout", DataTypes.FloatType)
          .add("loss", DataTypes.StringType)
          .add("description", DataTypes.StringType);

  private static final String DENSE = "dense";
  private static final String DL4J = DescribingTrainer.DL4J;

  private StoredNetwork() {}

  /** The columns of a network by name; those of other kinds are left out. */
  static Map<String, Object> columns(Network network) {
    Map<String, Object> columns = new HashMap<>();
    columns.put("inputs", network.inputs());
    columns.put("loss", EnumNames.of(network.loss()));
    if (network instanceof DenseNetwork dense) {
      columns.put("kind", DENSE);
      columns.put("layers", dense.layers().stream().map(DenseLayer::outputs).toArray());
      columns.put("activation", EnumNames.of(dense.activation()));
      columns.put("dropout", dense.dropout());
    } else if (network instanceof DescribedNetwork described) {
      columns.put("kind", DL4J);
      columns.put("layers", new Object[] {network.outputs()});
      columns.put("description", described.description());
    } else {
      throw new IllegalArgumentException("There is no way to save a " + network.getClass());
    }
    return columns;
  }

  /**
   * The kind of a row's network; without a column for it, as in format version 1, by the others.
   */
  static String kind(Row row) {
    if (row.getAs("kind") != null) {
      return row.getAs("kind");
    }
    return row.getAs("description") == null ? DENSE : DL4J;
  }

  /**
   * The columns that a network of this kind needs.
   *
   * @throws ConveneException (data) if there is no such kind
   */
  static List<String> required(String kind) {
    return switch (kind) {
      case DENSE -> List.of("inputs", "layers", "loss", "activation", "dropout");
      case DL4J -> List.of("inputs", "layers", "loss", "description");
      default ->
          throw ConveneException.data(
              "its network is of the kind %s, and this version of Convene reads %s and %s:"
                  + " upgrade Convene",
              kind, DENSE, DL4J);
    };
  }

  /**
   * The network of a row that has all {@link #required} columns.
   *
   * @throws ConveneException (data) if they make none; (usage) if its trainer is not on the class
   *     path
   */
  static Network network(String kind, Row row) {
    int inputs = row.getAs("inputs");
    List<Integer> layers = row.getList(row.fieldIndex("layers"));
    if (inputs < 1 || layers.isEmpty() || layers.stream().anyMatch(it -> it == null || it < 1)) {
      throw ConveneException.data(
          "there is no network of %s inputs and layers of %s", inputs, layers);
    }
    int last = layers.size() - 1;
    Loss loss = constant(Loss.values(), row, "loss");
    return kind.equals(DENSE)
        ? DenseNetwork.of(
            inputs,
            layers.subList(0, last),
            layers.get(last),
            constant(Activation.values(), row, "activation"),
            row.<Float>getAs("dropout"),
            loss)
        : DescribingTrainer.dl4j()
            .network(row.getAs("description"), inputs, layers.get(last), loss);
  }

  private static <E extends Enum<E>> E constant(E[] constants, Row row, String column) {
    String name = row.getAs(column);
    return EnumNames.find(constants, name)
        .orElseThrow(
            () ->
                ConveneException.data(
                    "its %s is %s, and not one of %s",
                    column, name, String.join(", ", EnumNames.of(constants))));
  }
}
