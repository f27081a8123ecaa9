package io.github.openaikserve.kserve;

import java.util.List;

/**
 * A server's metadata of itself. Immutable.
 *
 * @param extensions the supported protocol extensions; empty for AnyServe
 */
public record ServerMetadata(String name, String version, List<String> extensions) {
  /** Copies the list. */
  public ServerMetadata {
    extensions = List.copyOf(extensions);
  }
}
