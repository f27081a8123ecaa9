package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every generation of a model sends in addition to what its dialect makes of a request, such
 * as the name of a LoRA adapter. Immutable.
 *
 * @param tensors input tensors; one replaces the dialect's tensor of the same name
 * @param jsonKeys keys of the JSON objects in input tensors, by the tensor's name; one replaces the
 *     dialect's key of the same name
 */
public record ConstantInputs(List<Tensor> tensors, Map<String, Map<String, Object>> jsonKeys) {
  /** Copies the list and the maps. */
  public ConstantInputs {
    tensors = List.copyOf(tensors);
    Map<String, Map<String, Object>> copy = new LinkedHashMap<>();
    jsonKeys.forEach((tensor, keys) -> copy.put(tensor, new LinkedHashMap<>(keys)));
    jsonKeys = Collections.unmodifiableMap(copy);
  }

  /** Returns the call with these inputs. */
  public InferCall addTo(InferCall call) {
    if (tensors.isEmpty() && jsonKeys.isEmpty()) {
      return call;
    }
    InferRequest request = call.request();
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    request.inputs().forEach(input -> inputs.put(input.name(), input));
    int rank = request.inputs().stream().mapToInt(input -> input.shape().length).max().orElse(1);
    tensors.forEach(tensor -> inputs.put(tensor.name(), shaped(tensor, rank)));
    jsonKeys.forEach(
        (name, keys) -> inputs.put(name, merged(name, request.input(name).orElse(null), keys)));
    return call.withRequest(
        new InferRequest(
            request.modelName(),
            request.modelVersion(),
            request.id(),
            request.parameters(),
            new ArrayList<>(inputs.values())));
  }

  /** Returns a vector with the batch dimension that the other inputs have. */
  private static Tensor shaped(Tensor tensor, int rank) {
    long[] shape = tensor.shape();
    return rank == 2 && shape.length == 1 ? tensor.withShape(1, shape[0]) : tensor;
  }

  private static Tensor merged(String name, @Nullable Tensor input, Map<String, Object> keys) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    if (input != null) {
      JsonCodec.readObject(input.texts().get(0)).ifPresent(object::putAll);
    }
    object.putAll(keys);
    Tensor text = Tensor.text(name, JsonCodec.writeValue(object));
    return input == null ? text : text.withShape(input.shape()).withParameters(input.parameters());
  }
}
