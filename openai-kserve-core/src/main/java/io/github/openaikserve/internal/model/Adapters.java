package io.github.openaikserve.internal.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The LoRA adapters of a model, each of which is a model of its own for clients. Immutable.
 *
 * @param names the server's names of the adapters, by the ids that clients use
 * @param prefix what precedes the server's name of an adapter in an id that is not among {@code
 *     names}; null if only those are served
 */
public record Adapters(Map<String, String> names, @Nullable String prefix) {
  /** A model without adapters. */
  static final Adapters NONE = new Adapters(Map.of(), null);

  /** Copies the map, in order. */
  public Adapters {
    names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
  }

  /** Returns the ids of the adapters that are configured. */
  Set<String> ids() {
    return names.keySet();
  }

  /** Returns the server's name of an adapter; empty if the id is not one of an adapter. */
  Optional<String> find(String id) {
    String name = names.get(id);
    if (name != null) {
      return Optional.of(name);
    }
    return prefix != null && id.startsWith(prefix) && id.length() > prefix.length()
        ? Optional.of(id.substring(prefix.length()))
        : Optional.empty();
  }
}
