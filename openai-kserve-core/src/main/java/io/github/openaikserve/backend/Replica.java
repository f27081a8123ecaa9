package io.github.openaikserve.backend;

import io.github.openaikserve.internal.json.JsonCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server in the registry of AnyServe's API server. Immutable.
 *
 * <p>Source: {@code simpx/anyserve}: {@code GET /registry} of its API server.
 *
 * @param endpoint {@code host:port} of its dispatcher, which answers unary calls. Streams are
 *     served at that port + 100
 * @param capabilities the attributes of each capability, such as {@code type} and {@code model}
 */
public record Replica(String id, String endpoint, List<Map<String, String>> capabilities) {
  /** Copies the list and its maps. */
  public Replica {
    capabilities = capabilities.stream().map(Map::copyOf).toList();
  }

  /**
   * Returns whether one of the capabilities has at least these attributes. Also returns true for a
   * replica without capabilities: AnyServe registers none for applications created by a factory,
   * including its llama.cpp worker.
   */
  public boolean offers(Map<String, String> attributes) {
    return capabilities.isEmpty()
        || capabilities.stream().anyMatch(c -> c.entrySet().containsAll(attributes.entrySet()));
  }

  /**
   * Parses the registry's response. The replicas keep their order.
   *
   * @throws IllegalArgumentException if the text is not a valid response
   */
  public static List<Replica> list(String registry) {
    Object listed =
        JsonCodec.readObject(registry)
            .orElseThrow(
                () -> new IllegalArgumentException("the registry's response is not a JSON object"))
            .get("replicas");
    if (!(listed instanceof List<?> elements)) {
      throw new IllegalArgumentException("the registry's response has no list 'replicas'");
    }
    List<Replica> replicas = new ArrayList<>(elements.size());
    for (Object element : elements) {
      replicas.add(replica(element));
    }
    return replicas;
  }

  private static Replica replica(@Nullable Object element) {
    if (element instanceof Map<?, ?> fields
        && fields.get("endpoint") instanceof String endpoint
        && fields.get("capabilities") instanceof List<?> listed) {
      List<Map<String, String>> capabilities = new ArrayList<>(listed.size());
      for (Object capability : listed) {
        if (!(capability instanceof Map<?, ?> attributes)) {
          throw new IllegalArgumentException(
              "a capability in the registry's response is not an object");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        attributes.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
        capabilities.add(texts);
      }
      Object id = fields.get("replica_id");
      return new Replica(id instanceof String text ? text : "", endpoint, capabilities);
    }
    throw new IllegalArgumentException(
        "a replica in the registry's response has no 'endpoint' or no 'capabilities'");
  }
}
