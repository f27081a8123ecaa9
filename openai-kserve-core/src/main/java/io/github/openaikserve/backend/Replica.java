package io.github.openaikserve.backend;

import io.github.openaikserve.internal.json.JsonCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server that AnyServe's API server lists in its registry. Immutable.
 *
 * <p>Source: {@code simpx/anyserve}: {@code GET /registry} of its API server.
 *
 * @param endpoint {@code host:port} of its dispatcher, which answers unary calls; streams are
 *     answered 100 ports further on
 * @param capabilities the attributes of each capability, such as {@code type} and {@code model}
 */
public record Replica(String id, String endpoint, List<Map<String, String>> capabilities) {
  /** Copies the list and its maps. */
  public Replica {
    capabilities = capabilities.stream().map(Map::copyOf).toList();
  }

  /**
   * Returns whether one of its capabilities has at least these attributes. A replica that lists no
   * capability may offer anything: AnyServe registers none for an application that it gets from a
   * factory, its own llama.cpp worker among them.
   */
  public boolean offers(Map<String, String> attributes) {
    return capabilities.isEmpty()
        || capabilities.stream().anyMatch(c -> c.entrySet().containsAll(attributes.entrySet()));
  }

  /**
   * Returns the replicas in an answer of the registry, in its order.
   *
   * @throws IllegalArgumentException if the text is not such an answer
   */
  public static List<Replica> list(String registry) {
    Object listed =
        JsonCodec.readObject(registry)
            .orElseThrow(() -> new IllegalArgumentException("the registry did not answer in JSON"))
            .get("replicas");
    if (!(listed instanceof List<?> elements)) {
      throw new IllegalArgumentException("the registry's answer lists no replicas");
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
          throw new IllegalArgumentException("a capability in the registry is no object");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        attributes.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
        capabilities.add(texts);
      }
      Object id = fields.get("replica_id");
      return new Replica(id instanceof String text ? text : "", endpoint, capabilities);
    }
    throw new IllegalArgumentException(
        "a replica in the registry lacks its endpoint or its capabilities");
  }
}
