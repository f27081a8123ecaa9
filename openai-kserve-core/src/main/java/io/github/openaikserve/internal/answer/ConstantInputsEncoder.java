package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.model.ConstantInputs;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An encoder that adds the constant inputs of a model to calls. */
final class ConstantInputsEncoder {
  private ConstantInputsEncoder() {}

  /**
   * Returns the call with the constant inputs.
   *
   * @throws DialectException if keys are set for a tensor that does not contain a JSON object
   */
  static InferCall encode(InferCall call, ConstantInputs constants) {
    InferRequest request = call.request();
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    request.inputs().forEach(input -> inputs.put(input.name(), input));
    int rank = request.inputs().stream().mapToInt(input -> input.shape().length).max().orElse(1);
    constants.tensors().forEach(tensor -> inputs.put(tensor.name(), shaped(tensor, rank)));
    constants
        .jsonKeys()
        .forEach(
            (name, keys) -> inputs.put(name, merged(name, request.input(name).orElse(null), keys)));
    return call.withRequest(
        new InferRequest(
            request.modelName(),
            request.modelVersion(),
            request.id(),
            request.parameters(),
            new ArrayList<>(inputs.values())));
  }

  /** Returns a vector with the batch dimension of the other inputs. */
  private static Tensor shaped(Tensor tensor, int rank) {
    long[] shape = tensor.shape();
    return rank == 2 && shape.length == 1 ? tensor.withShape(1, shape[0]) : tensor;
  }

  /**
   * Returns the JSON object in a tensor.
   *
   * @throws DialectException if the tensor does not contain a JSON object, which is a configuration
   *     error
   */
  private static Map<String, @Nullable Object> object(Tensor input) {
    boolean text = input.datatype() == Datatype.BYTES && input.size() == 1;
    Optional<Map<String, @Nullable Object>> object =
        text ? JsonCodec.readObject(input.texts().get(0)) : Optional.empty();
    return object.orElseThrow(
        () ->
            new DialectException(
                "The model's constant JSON keys are configured for the input tensor '%s', which does not contain a JSON object."
                    .formatted(input.name())));
  }

  private static Tensor merged(String name, @Nullable Tensor input, Map<String, Object> keys) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    if (input != null) {
      object.putAll(object(input));
    }
    object.putAll(keys);
    Tensor text = Tensor.text(name, JsonCodec.writeValue(object));
    return input == null ? text : text.withShape(input.shape()).withParameters(input.parameters());
  }
}
