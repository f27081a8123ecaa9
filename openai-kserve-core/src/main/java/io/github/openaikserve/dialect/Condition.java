package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A condition of a table's rows on what a server reports about a model. Pure and thread-safe.
 *
 * <p>A dialect that was not fitted to a model is the one of the server's newest release: there, a
 * model declares whatever a condition asks for.
 */
@FunctionalInterface
public interface Condition {
  /** A condition that always holds. */
  Condition ALWAYS = model -> true;

  /** A condition that never holds. */
  Condition NEVER = model -> false;

  /**
   * Returns whether the condition holds.
   *
   * @param model null if the model is unknown or declares no tensors
   */
  boolean holds(@Nullable ModelDescription model);

  /** Returns whether a model declares all of these inputs; an unknown model does. */
  static Condition declared(String... inputs) {
    return model -> model == null || Stream.of(inputs).allMatch(model::declaresInput);
  }

  /** Returns whether a model declares all of these outputs; an unknown model does. */
  static Condition withOutputs(String... outputs) {
    return model ->
        model == null
            || Stream.of(outputs)
                .allMatch(
                    name ->
                        model.outputs().stream().anyMatch(output -> output.name().equals(name)));
  }

  /**
   * Returns whether a model declares outputs, and none of these; an unknown model declares them.
   */
  static Condition withoutOutputs(String... outputs) {
    List<String> names = List.of(outputs);
    return model ->
        model != null
            && !model.outputs().isEmpty()
            && model.outputs().stream().noneMatch(output -> names.contains(output.name()));
  }

  /** Returns whether a model's configuration requires an input; unknown is no. */
  static Condition required(String input) {
    return model ->
        model != null
            && model
                .config()
                .map(ModelConfig::requiredInputs)
                .filter(required -> required.contains(input))
                .isPresent();
  }

  /** Returns whether a model's configuration has a parameter; unknown is no. */
  static Condition configured(String parameter) {
    return model ->
        model != null
            && model
                .config()
                .filter(config -> config.parameters().containsKey(parameter))
                .isPresent();
  }

  /** Returns whether a parameter of a model's configuration is {@code true}; unknown is no. */
  static Condition enabled(String parameter) {
    return model ->
        model != null
            && model
                .config()
                .map(config -> config.parameters().get(parameter))
                .filter(value -> value.equalsIgnoreCase("true"))
                .isPresent();
  }

  /** Returns whether a model's platform is this one; unknown is no. */
  static Condition platform(String platform) {
    return model ->
        model != null
            && model.metadata().map(ModelMetadata::platform).filter(platform::equals).isPresent();
  }

  /** Returns whether the server reports a name that starts so; unknown is no. */
  static Condition server(String name) {
    return model -> model != null && model.serverName().startsWith(name);
  }

  /** Returns whether the server is Triton of this version or a newer one; unknown is no. */
  static Condition tritonSince(int major, int minor) {
    return model -> model != null && model.isTritonSince(major, minor);
  }

  /** Returns whether the server is Triton of an older version than this one; unknown is no. */
  static Condition tritonBefore(int major, int minor) {
    return model -> model != null && model.isTritonBefore(major, minor);
  }

  /** Returns whether both conditions hold. */
  default Condition and(Condition other) {
    return model -> holds(model) && other.holds(model);
  }

  /** Returns whether one of the conditions holds. */
  default Condition or(Condition other) {
    return model -> holds(model) || other.holds(model);
  }

  /** Returns whether this condition does not hold. */
  default Condition not() {
    return model -> !holds(model);
  }
}
