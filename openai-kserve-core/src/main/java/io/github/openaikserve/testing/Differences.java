package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** In what a call differs from a recorded one, in words that quote no text unless asked. */
final class Differences {
  /** Differences of these weigh more than any of inputs: another call is meant. */
  private static final int OTHER_CALL = 1000;

  private static final int MAX_ELEMENTS = 8;

  private final RecordedCall recorded;
  private final InferCall made;
  private final ReplayOptions options;
  private final List<String> found = new ArrayList<>();
  private int weight;

  private Differences(RecordedCall recorded, InferCall made, ReplayOptions options) {
    this.recorded = recorded;
    this.made = made;
    this.options = options;
  }

  static Differences between(RecordedCall recorded, InferCall made, ReplayOptions options) {
    var differences = new Differences(recorded, made, options);
    differences.compare();
    return differences;
  }

  boolean areNone() {
    return found.isEmpty();
  }

  /** How far apart the calls are. */
  int weight() {
    return weight + found.size();
  }

  @Override
  public String toString() {
    return String.join("; ", found);
  }

  private void compare() {
    InferRequest mine = made.request();
    InferRequest theirs = recorded.call().request();
    otherCall("rpc", made.rpc().name(), recorded.call().rpc().name());
    otherCall("model_name", mine.modelName(), theirs.modelName());
    otherCall("model_version", mine.modelVersion(), theirs.modelVersion());
    if (options.matching() == Matching.MODEL) {
      return;
    }
    parameters("parameter", mine.parameters(), theirs.parameters(), recorded::isParameterRedacted);
    inputs(mine.inputs(), theirs.inputs());
    if (options.matching() == Matching.EXACT) {
      if (!recorded.isIdRedacted() && !mine.id().equals(theirs.id())) {
        found.add("the id is another");
      }
      if (!Objects.equals(made.timeout(), recorded.call().timeout())) {
        found.add(
            "the timeout is %s, recorded %s".formatted(made.timeout(), recorded.call().timeout()));
      }
      headers(made.metadata(), recorded.call().metadata());
    }
  }

  private void otherCall(String what, String mine, String theirs) {
    if (!mine.equals(theirs)) {
      found.add("%s is '%s', recorded '%s'".formatted(what, mine, theirs));
      weight += OTHER_CALL;
    }
  }

  private void headers(Map<String, String> mine, Map<String, String> theirs) {
    var names = new TreeSet<>(mine.keySet());
    names.addAll(theirs.keySet());
    for (String name : names) {
      boolean unknown =
          recorded.isMetadataRedacted(name)
              || (!theirs.containsKey(name) && MessageForm.isSecret(name));
      if (!unknown && !Objects.equals(mine.get(name), theirs.get(name))) {
        found.add("the header '%s' is another".formatted(name));
      }
    }
  }

  private void parameters(
      String what,
      Map<String, InferParameter> mine,
      Map<String, InferParameter> theirs,
      Predicate<String> isRedacted) {
    var names = new TreeSet<>(mine.keySet());
    names.addAll(theirs.keySet());
    for (String name : names) {
      InferParameter my = mine.get(name);
      InferParameter their = theirs.get(name);
      boolean redacted = isRedacted.test(name);
      if (options.ignores(name) || (redacted && my instanceof InferParameter.Text)) {
        continue;
      }
      if (!Objects.equals(my, their)) {
        found.add("%s '%s' is %s, recorded %s".formatted(what, name, shown(my), shown(their)));
      }
    }
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
    return options.isQuoting() ? "\"" + text + "\"" : "of %d characters".formatted(text.length());
  }

  private void inputs(List<Tensor> mine, List<Tensor> theirs) {
    List<String> myNames = names(mine);
    List<String> theirNames = names(theirs);
    if (!myNames.equals(theirNames)) {
      List<String> missing = new ArrayList<>(theirNames);
      missing.removeAll(myNames);
      List<String> added = new ArrayList<>(myNames);
      added.removeAll(theirNames);
      weight += missing.size() + added.size(); // another input counts for more than another value
      missing.forEach(name -> found.add("input '%s' is absent, though recorded".formatted(name)));
      added.forEach(name -> found.add("input '%s' is not in the recording".formatted(name)));
      if (missing.isEmpty() && added.isEmpty()) {
        found.add("the inputs are %s, recorded %s".formatted(myNames, theirNames));
      }
    }
    for (int i = 0; i < theirs.size(); i++) {
      Tensor their = theirs.get(i);
      Tensor my = made.request().input(their.name()).orElse(null);
      if (my != null && !options.ignores(their.name())) {
        input(i, my, their);
      }
    }
  }

  private List<String> names(List<Tensor> inputs) {
    return inputs.stream().map(Tensor::name).filter(name -> !options.ignores(name)).toList();
  }

  private void input(int index, Tensor mine, Tensor theirs) {
    String name = theirs.name();
    if (mine.datatype() != theirs.datatype() || !Arrays.equals(mine.shape(), theirs.shape())) {
      found.add(
          "input '%s' is %s %s, recorded %s %s"
              .formatted(
                  name,
                  mine.datatype(),
                  Arrays.toString(mine.shape()),
                  theirs.datatype(),
                  Arrays.toString(theirs.shape())));
    } else if (theirs.datatype() == Datatype.BYTES) {
      texts(index, mine, theirs);
    } else if (!recorded.isRedacted(index)
        && !mine.withParameters(Map.of()).equals(theirs.withParameters(Map.of()))) {
      found.add("input '%s' is %s, recorded %s".formatted(name, shown(mine), shown(theirs)));
    }
    parameters(
        "parameter of '%s',".formatted(name),
        mine.parameters(),
        theirs.parameters(),
        parameter -> recorded.isInputParameterRedacted(index, parameter));
  }

  private void texts(int index, Tensor mine, Tensor theirs) {
    for (int i = 0; i < theirs.size(); i++) {
      if (recorded.isRedacted(index, i) || mine.bytes(i).equals(theirs.bytes(i))) {
        continue;
      }
      String which = theirs.size() == 1 ? "" : "[" + i + "]";
      if (options.isQuoting()) {
        found.add(
            "input '%s'%s is %s, recorded %s"
                .formatted(
                    theirs.name(),
                    which,
                    shown(mine.texts().get(i)),
                    shown(theirs.texts().get(i))));
      } else {
        found.add(
            "input '%s'%s differs from byte %d on (%d bytes, recorded %d)"
                .formatted(
                    theirs.name(),
                    which,
                    mine.bytes(i).mismatch(theirs.bytes(i)),
                    mine.bytes(i).remaining(),
                    theirs.bytes(i).remaining()));
      }
    }
  }

  /** The first numbers, which are no prompt. */
  private static String shown(Tensor tensor) {
    Object contents =
        TensorForm.write(tensor, Redaction.Place.INPUT, Redaction.none()).get("contents");
    if (!(contents instanceof List<?> list)) {
      return "other bytes";
    }
    return list.size() <= MAX_ELEMENTS
        ? list.toString()
        : list.subList(0, MAX_ELEMENTS) + " and " + (list.size() - MAX_ELEMENTS) + " more";
  }
}
