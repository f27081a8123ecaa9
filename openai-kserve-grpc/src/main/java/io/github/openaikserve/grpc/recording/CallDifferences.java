package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The differences between a call and a recorded call. Quotes texts only if the options allow it.
 */
final class CallDifferences {
  /** The weight of a difference that means that the calls are unrelated: more than all inputs'. */
  private static final int OTHER_CALL = 1000;

  /** A missing input weighs more than a different value. */
  private static final int OTHER_INPUT = 2;

  private static final int MAX_ELEMENTS = 8;

  private final RecordedCall recorded;
  private final ReplayOptions options;
  private final List<String> found = new ArrayList<>();
  private int weight;

  CallDifferences(RecordedCall recorded, InferCall made, ReplayOptions options) {
    this.recorded = recorded;
    this.options = options;
    InferRequest mine = made.request();
    InferRequest theirs = recorded.request;
    otherCall("rpc", made.rpc().name(), recorded.rpc.name());
    otherCall("model_name", mine.modelName(), theirs.modelName());
    otherCall("model_version", mine.modelVersion(), theirs.modelVersion());
    if (!options.anyContent) {
      parameters("", mine.parameters(), theirs.parameters());
      inputs(byName(mine.inputs()), byName(theirs.inputs()));
    }
  }

  boolean areNone() {
    return found.isEmpty();
  }

  /** Returns the file and the line of the recorded call. */
  String where() {
    return recorded.where;
  }

  /** Returns the total weight of the differences; 0 for none. */
  int weight() {
    return weight;
  }

  @Override
  public String toString() {
    return String.join("; ", found);
  }

  private void add(int weight, String difference) {
    this.weight += weight;
    found.add(difference);
  }

  private void otherCall(String what, String mine, String theirs) {
    if (!mine.equals(theirs)) {
      add(OTHER_CALL, "%s is '%s', recorded '%s'".formatted(what, mine, theirs));
    }
  }

  private void parameters(
      String of, Map<String, InferParameter> mine, Map<String, InferParameter> theirs) {
    Map<String, InferParameter> all = new TreeMap<>(mine);
    all.putAll(theirs);
    all.keySet().removeAll(options.ignored);
    for (String name : all.keySet()) {
      InferParameter my = mine.get(name);
      InferParameter their = theirs.get(name);
      if (!recorded.redacted.contains(of + "parameter " + name) && !Objects.equals(my, their)) {
        add(1, "%sparameter '%s' is %s, recorded %s".formatted(of, name, shown(my), shown(their)));
      }
    }
  }

  private Map<String, Tensor> byName(List<Tensor> inputs) {
    Map<String, Tensor> byName = new LinkedHashMap<>();
    inputs.forEach(input -> byName.put(input.name(), input));
    byName.keySet().removeAll(options.ignored);
    return byName;
  }

  private void inputs(Map<String, Tensor> mine, Map<String, Tensor> theirs) {
    Set<String> names = new LinkedHashSet<>(theirs.keySet());
    names.addAll(mine.keySet());
    for (String name : names) {
      if (!mine.containsKey(name)) {
        add(OTHER_INPUT, "input '%s' is absent, though recorded".formatted(name));
      } else if (!theirs.containsKey(name)) {
        add(OTHER_INPUT, "input '%s' is not recorded".formatted(name));
      } else {
        input(name, mine.get(name), theirs.get(name));
      }
    }
    if (found.isEmpty() && !List.copyOf(mine.keySet()).equals(List.copyOf(theirs.keySet()))) {
      add(1, "the inputs are %s, recorded %s".formatted(mine.keySet(), theirs.keySet()));
    }
  }

  private void input(String name, Tensor mine, Tensor theirs) {
    if (mine.datatype() != theirs.datatype() || !Arrays.equals(mine.shape(), theirs.shape())) {
      add(1, "input is %s, recorded %s".formatted(mine, theirs));
    } else if (!recorded.redacted.contains("input " + name)
        && !mine.withParameters(Map.of()).equals(theirs.withParameters(Map.of()))) {
      add(1, "input '%s' is %s, recorded %s".formatted(name, shown(mine), shown(theirs)));
    }
    parameters("input " + name + " ", mine.parameters(), theirs.parameters());
  }

  private String shown(@Nullable InferParameter parameter) {
    if (parameter == null) {
      return "absent";
    }
    return parameter instanceof InferParameter.Text text
        ? shown(text.value())
        : parameter.toString();
  }

  private String shown(String text) {
    return options.quoting ? "\"" + text + "\"" : "of %d characters".formatted(text.length());
  }

  /** Returns the texts or their lengths, or the first numbers, which do not reveal the prompt. */
  private String shown(Tensor tensor) {
    List<?> elements =
        switch (tensor.datatype()) {
          case BYTES -> tensor.texts().stream().map(this::shown).toList();
          case BOOL -> List.of(Arrays.toString(tensor.booleans()));
          case FP64 -> Arrays.stream(tensor.doubles()).boxed().toList();
          case FP16, BF16, FP32 -> List.of(Arrays.toString(tensor.floats()));
          default -> Arrays.stream(tensor.longs()).boxed().toList();
        };
    return elements.size() <= MAX_ELEMENTS
        ? elements.toString()
        : elements.subList(0, MAX_ELEMENTS) + " and " + (elements.size() - MAX_ELEMENTS) + " more";
  }
}
