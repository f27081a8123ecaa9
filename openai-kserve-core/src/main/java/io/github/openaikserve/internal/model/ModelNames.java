package io.github.openaikserve.internal.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The names of a model in addition to its id. Immutable.
 *
 * @param aliases other names of the model
 * @param adapters the names of the model's LoRA adapters at the server, by the ids that clients
 *     use. Clients see each adapter as a separate model
 * @param adapterPrefix the prefix of ids of adapters that are not in {@code adapters}; the rest of
 *     the id is the adapter's name at the server. Null if only {@code adapters} are served
 */
public record ModelNames(
    List<String> aliases, Map<String, String> adapters, @Nullable String adapterPrefix) {
  /** The maximum length of an adapter's name from a client, which its answers repeat. */
  private static final int MAX_ADAPTER = 256;

  /** Copies the list and the map, in order. */
  public ModelNames {
    aliases = List.copyOf(aliases);
    adapters = Collections.unmodifiableMap(new LinkedHashMap<>(adapters));
  }

  /** Returns an adapter's name at the server; empty if the id is not the id of an adapter. */
  Optional<String> adapter(String id) {
    String name = adapters.get(id);
    if (name != null || aliases.contains(id)) {
      return Optional.ofNullable(name);
    }
    return adapterPrefix != null && id.startsWith(adapterPrefix)
        ? Optional.of(id.substring(adapterPrefix.length())).filter(ModelNames::isAdapter)
        : Optional.empty();
  }

  /** Returns whether a client's text can be the name of an adapter. */
  private static boolean isAdapter(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_ADAPTER
        && text.chars().noneMatch(Character::isISOControl);
  }
}
