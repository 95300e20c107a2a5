package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.config.SettingName;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.train.NetworkKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A network without its parameters as columns of a row: its {@code kind}, by which its {@code
 * description} is read again, {@code inputs}, {@code outputs} and {@code loss}.
 *
 * <p>Format version 1 had neither kind nor outputs, but the widths of all {@code layers}, and for
 * dense ones their {@code activation} and {@code dropout} in place of a description.
 */
final class StoredNetwork {
  static final StructType SCHEMA =
      new StructType()
          .add("kind", DataTypes.StringType)
          .add("inputs", DataTypes.IntegerType)
          .add("outputs", DataTypes.IntegerType)
          .add("loss", DataTypes.StringType)
          .add("description", DataTypes.StringType);

  static final StructType SCHEMA_OF_FORMAT_1 =
      new StructType()
          .add("layers", DataTypes.createArrayType(DataTypes.IntegerType))
          .add("activation", DataTypes.StringType)
          .add("dropout", DataTypes.FloatType);

  private StoredNetwork() {}

  /** The columns of a network by name. */
  static Map<String, Object> columns(Network network) {
    Map<String, Object> columns = new HashMap<>();
    columns.put("kind", network.kind());
    columns.put("inputs", network.inputs());
    columns.put("outputs", network.outputs());
    columns.put("loss", SettingName.of(network.loss()));
    columns.put("description", network.description());
    return columns;
  }

  /** The columns that the network of a row needs. */
  static List<String> required(Row row) {
    if (row.getAs("kind") != null) {
      return Arrays.asList(SCHEMA.fieldNames());
    }
    return row.getAs("description") == null
        ? List.of("inputs", "loss", "layers", "activation", "dropout")
        : List.of("inputs", "loss", "layers");
  }

  /**
   * The network of a row that has all {@link #required} columns.
   *
   * @throws ConveneException (data) if they make none; (usage) if its kind is not on the class path
   */
  static Network network(Row row) {
    return row.getAs("kind") == null ? networkOfFormat1(row) : networkOfItsKind(row);
  }

  private static Network networkOfItsKind(Row row) {
    String kind = row.getAs("kind");
    if (!kind.equals(DenseNetwork.KIND) && !kind.equals(NetworkKind.DL4J)) {
      throw ConveneException.data(
          "its network is of the kind %s, and this version of Convene reads %s and %s:"
              + " upgrade Convene",
          kind, DenseNetwork.KIND, NetworkKind.DL4J);
    }
    int inputs = row.getAs("inputs");
    int outputs = row.getAs("outputs");
    if (inputs < 1 || outputs < 1) {
      throw ConveneException.data(
          "there is no network of %s inputs and %s outputs", inputs, outputs);
    }
    return NetworkKind.named(kind).read(row.getAs("description"), inputs, outputs, loss(row));
  }

  private static Network networkOfFormat1(Row row) {
    int inputs = row.getAs("inputs");
    List<Integer> layers = row.getList(row.fieldIndex("layers"));
    if (inputs < 1 || layers.isEmpty() || layers.stream().anyMatch(it -> it == null || it < 1)) {
      throw ConveneException.data(
          "there is no network of %s inputs and layers of %s", inputs, layers);
    }
    int last = layers.size() - 1;
    String description = row.getAs("description");
    return description == null
        ? DenseNetwork.of(
            inputs,
            layers.subList(0, last),
            layers.get(last),
            activation(row),
            row.<Float>getAs("dropout"),
            loss(row))
        : NetworkKind.named(NetworkKind.DL4J)
            .read(description, inputs, layers.get(last), loss(row));
  }

  private static Activation activation(Row row) {
    try {
      return Activation.parse(row.getAs("activation"));
    } catch (IllegalArgumentException unknown) {
      throw ConveneException.data("%s", unknown.getMessage());
    }
  }

  private static Loss loss(Row row) {
    String name = row.getAs("loss");
    return SettingName.find(Loss.class, name)
        .orElseThrow(
            () ->
                ConveneException.data(
                    "its loss is %s, and not one of %s",
                    name,
                    Arrays.stream(Loss.values())
                        .map(SettingName::of)
                        .collect(Collectors.joining(", "))));
  }
}
