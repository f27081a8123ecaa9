package io.github.openaikserve.server.config;

import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every generation of a model sends in addition to its dialect's inputs. Immutable.
 *
 * @param jsonKeys keys of the JSON objects in tensors, by the tensor's name
 */
public record ModelConstants(List<Tensor> tensors, Map<String, Map<String, Object>> jsonKeys) {
  /** A model that sends nothing else. */
  public static final ModelConstants NONE = new ModelConstants(List.of(), Map.of());

  /** Copies the list and the map. */
  public ModelConstants {
    tensors = List.copyOf(tensors);
    jsonKeys = Map.copyOf(jsonKeys);
  }

  /** Reads a list of tensors, each with its value or with keys of its JSON object. */
  static ModelConstants read(Value list) {
    List<Tensor> tensors = new ArrayList<>();
    Map<String, Map<String, Object>> jsonKeys = new LinkedHashMap<>();
    list.list(value -> value.section(row -> row(row, tensors, jsonKeys)));
    return new ModelConstants(tensors, jsonKeys);
  }

  private static Section row(
      Section row, List<Tensor> tensors, Map<String, Map<String, Object>> jsonKeys) {
    String tensor = row.require("tensor").text();
    Optional<Value> json = row.find("json");
    if (json.isPresent()) {
      Map<String, Object> keys = json.get().section(ModelConstants::keys);
      jsonKeys.computeIfAbsent(tensor, name -> new LinkedHashMap<>()).putAll(keys);
    } else {
      tensors.add(Constants.tensor(row));
    }
    return row;
  }

  private static Map<String, Object> keys(Section entries) {
    Map<String, Object> keys = new LinkedHashMap<>();
    entries.entries().forEach((key, value) -> keys.put(key, value.json()));
    return keys;
  }
}
