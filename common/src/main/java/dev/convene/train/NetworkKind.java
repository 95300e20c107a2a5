package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;

/**
 * Networks of one kind, which reads {@link Network#description} again. A file that holds a network
 * names its {@link Network#kind}. Modules beside this library bring others than the dense one.
 */
public interface NetworkKind extends NamedService {
  /** The kind of DL4J's networks, and the name of all that its module brings. */
  String DL4J = "dl4j";

  /**
   * The network of a description.
   *
   * @param inputs features of a row
   * @param outputs classes, or numbers that a regression predicts
   * @throws ConveneException (data) if it makes none
   */
  Network read(String description, int inputs, int outputs, Loss loss);

  /**
   * The kind of that name.
   *
   * @throws ConveneException (usage) if there is none on the class path
   */
  static NetworkKind named(String name) {
    return name.equals(DenseNetwork.KIND)
        ? new DenseKind()
        : NamedService.named(NetworkKind.class, name);
  }
}
