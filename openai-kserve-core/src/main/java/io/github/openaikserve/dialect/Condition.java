package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A condition of rows in a dialect's table on a server's metadata of a model. A pure function and
 * thread-safe.
 *
 * <p>A dialect that was not adapted to a model is that of the server's newest release. For it, a
 * model counts as declaring everything that a condition tests.
 */
@FunctionalInterface
public interface Condition {
  /** A condition that is always true. */
  Condition ALWAYS = model -> true;

  /** A condition that is never true. */
  Condition NEVER = model -> false;

  /**
   * Returns whether the condition is true.
   *
   * @param model null if the model is unknown or declares no tensors
   */
  boolean holds(@Nullable ModelDescription model);

  /** Returns a condition that a model declares all of these inputs; true for an unknown model. */
  static Condition declared(String... inputs) {
    return model -> model == null || Stream.of(inputs).allMatch(model::declaresInput);
  }

  /** Returns a condition that a model declares all of these outputs; true for an unknown model. */
  static Condition withOutputs(String... outputs) {
    return model -> model == null || outputs(model).containsAll(List.of(outputs));
  }

  /**
   * Returns a condition that a model declares outputs, but none of these; false for an unknown
   * model.
   */
  static Condition withoutOutputs(String... outputs) {
    List<String> names = List.of(outputs);
    return known(
        model -> !model.outputs().isEmpty() && Collections.disjoint(outputs(model), names));
  }

  /** Returns a condition that a model's configuration requires an input; false if unknown. */
  static Condition required(String input) {
    return known(config(config -> config.requiredInputs().contains(input)));
  }

  /** Returns a condition that a model's configuration has a parameter; false if unknown. */
  static Condition configured(String parameter) {
    return known(config(config -> config.parameters().containsKey(parameter)));
  }

  /**
   * Returns a condition that a parameter of a model's configuration is {@code true}; false if
   * unknown.
   */
  static Condition enabled(String parameter) {
    return known(config(config -> "true".equalsIgnoreCase(config.parameters().get(parameter))));
  }

  /** Returns a condition that a model has this platform; false if unknown. */
  static Condition platform(String platform) {
    return known(
        model ->
            model.metadata().map(ModelMetadata::platform).filter(platform::equals).isPresent());
  }

  /** Returns a condition that the server's name starts with {@code name}; false if unknown. */
  static Condition server(String name) {
    return known(model -> model.serverName().startsWith(name));
  }

  /**
   * Returns a condition that the server is Triton of the given version or newer; false if unknown.
   */
  static Condition tritonSince(int major, int minor) {
    return known(model -> model.isTritonSince(major, minor));
  }

  /**
   * Returns a condition that the server is Triton older than the given version; false if unknown.
   */
  static Condition tritonBefore(int major, int minor) {
    return known(model -> model.isTritonBefore(major, minor));
  }

  private static Condition known(Predicate<ModelDescription> test) {
    return model -> model != null && test.test(model);
  }

  private static Predicate<ModelDescription> config(Predicate<ModelConfig> test) {
    return model -> model.config().filter(test).isPresent();
  }

  private static List<String> outputs(ModelDescription model) {
    return model.outputs().stream().map(TensorMetadata::name).toList();
  }

  /** Returns a condition that both conditions are true. */
  default Condition and(Condition other) {
    return model -> holds(model) && other.holds(model);
  }

  /** Returns a condition that at least one of the conditions is true. */
  default Condition or(Condition other) {
    return model -> holds(model) || other.holds(model);
  }

  /** Returns the negation of this condition. */
  default Condition not() {
    return model -> !holds(model);
  }
}
