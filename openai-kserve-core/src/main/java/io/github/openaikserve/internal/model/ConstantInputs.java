package io.github.openaikserve.internal.model;

import io.github.openaikserve.kserve.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The constant inputs of every generation of a model, in addition to those of its dialect, such as
 * the name of a LoRA adapter. Immutable.
 *
 * @param tensors input tensors; each replaces the dialect's tensor of the same name
 * @param jsonKeys keys of the JSON objects in input tensors, by the tensor's name; each replaces
 *     the dialect's key of the same name
 */
public record ConstantInputs(List<Tensor> tensors, Map<String, Map<String, Object>> jsonKeys) {
  /** Copies the list and the maps. */
  public ConstantInputs {
    tensors = List.copyOf(tensors);
    Map<String, Map<String, Object>> copy = new LinkedHashMap<>();
    jsonKeys.forEach((tensor, keys) -> copy.put(tensor, new LinkedHashMap<>(keys)));
    jsonKeys = Collections.unmodifiableMap(copy);
  }

  /** Returns whether there are no constant inputs. */
  public boolean isEmpty() {
    return tensors.isEmpty() && jsonKeys.isEmpty();
  }
}
