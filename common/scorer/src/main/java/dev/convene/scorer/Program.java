package dev.convene.scorer;

import dev.convene.scorer.OnnxGraph.Input;
import dev.convene.scorer.OnnxGraph.Node;
import dev.convene.scorer.RowValues.Kind;
import dev.convene.scorer.RowValues.Slot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A graph as steps over the slots of a row. */
final class Program {
  private final List<Step> steps;
  private final Map<String, Slot> slots;
  private final RowValues constants;

  private Program(List<Step> steps, Map<String, Slot> slots, RowValues constants) {
    this.steps = List.copyOf(steps);
    this.slots = Map.copyOf(slots);
    this.constants = constants;
  }

  /**
   * The steps of a graph.
   *
   * @throws ScorerException if the graph has an operator that is not known here
   */
  static Program of(OnnxGraph graph) {
    Builder builder = new Builder(graph);
    graph.inputs().forEach(builder::add);
    Operators operators = new Operators(builder);
    List<Step> steps = new ArrayList<>();
    for (Node node : graph.nodes()) {
      operators.step(node).ifPresent(steps::add);
    }
    return new Program(steps, builder.slots, builder.constants());
  }

  /**
   * The slot of a tensor that there is.
   *
   * @throws IllegalArgumentException if there is none
   */
  Slot slot(String tensor) {
    if (!slots.containsKey(tensor)) {
      throw new IllegalArgumentException("the graph has no tensor " + tensor);
    }
    return slots.get(tensor);
  }

  /**
   * Scores a row.
   *
   * @param inputs sets the inputs' slots
   * @return all tensors
   */
  RowValues run(Consumer<RowValues> inputs) {
    RowValues row = constants.ofAnotherRow();
    inputs.accept(row);
    for (Step step : steps) {
      step.run(row);
    }
    return row;
  }

  /** Gives tensors their slots. */
  static final class Builder {
    private final OnnxGraph graph;
    private final Map<String, Slot> slots = new HashMap<>();
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final Map<Slot, Tensor> used = new HashMap<>();

    private Builder(OnnxGraph graph) {
      this.graph = graph;
    }

    private void add(Input input) {
      add(input.name(), input.type() == Tensor.STRING ? Kind.TEXTS : Kind.NUMBERS);
    }

    /** A slot for a tensor that a step computes. */
    int add(String tensor, Kind kind) {
      int place = counts.merge(kind, 1, Integer::sum) - 1;
      slots.put(tensor, new Slot(kind, place));
      return place;
    }

    /** Another name of a tensor. */
    void alias(String tensor, String other) {
      slots.put(other, slot(tensor));
    }

    /** The constant of that name. */
    Tensor constant(String name) {
      Tensor constant = graph.constants().get(name);
      if (constant == null) {
        throw new IllegalArgumentException(name + " is no constant");
      }
      return constant;
    }

    Kind kind(String tensor) {
      return slot(tensor).kind();
    }

    /** The place of a tensor of this kind. */
    int place(String tensor, Kind kind) {
      Slot slot = slot(tensor);
      if (slot.kind() != kind) {
        throw new IllegalArgumentException(tensor + " does not hold " + kind);
      }
      return slot.place();
    }

    private Slot slot(String tensor) {
      if (!slots.containsKey(tensor)) {
        Tensor constant = constant(tensor);
        add(tensor, constant.holdsTexts() ? Kind.TEXTS : Kind.NUMBERS);
        used.put(slots.get(tensor), constant);
      }
      return slots.get(tensor);
    }

    private RowValues constants() {
      RowValues constants =
          new RowValues(count(Kind.NUMBERS), count(Kind.FLOATS), count(Kind.TEXTS));
      used.forEach(
          (slot, constant) -> {
            if (constant.holdsTexts()) {
              constants.setTexts(slot.place(), constant.texts());
            } else {
              constants.setNumbers(slot.place(), constant.doubles());
            }
          });
      return constants;
    }

    private int count(Kind kind) {
      return counts.getOrDefault(kind, 0);
    }
  }
}
