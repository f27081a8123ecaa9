package io.github.openaikserve.internal.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The LoRA adapters of a model. Clients see each adapter as a separate model. Immutable.
 *
 * @param names the adapters' names at the server, by the ids that clients use
 * @param prefix the prefix of ids that are not in {@code names}; the rest of the id is the
 *     adapter's name at the server. Null if only {@code names} are served
 */
public record Adapters(Map<String, String> names, @Nullable String prefix) {
  /** No adapters. */
  static final Adapters NONE = new Adapters(Map.of(), null);

  /** Copies the map, in order. */
  public Adapters {
    names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
  }

  /** Returns the ids of the adapters that are configured. */
  Set<String> ids() {
    return names.keySet();
  }

  /** Returns an adapter's name at the server; empty if the id is not the id of an adapter. */
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
