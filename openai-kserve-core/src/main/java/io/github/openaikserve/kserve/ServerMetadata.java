package io.github.openaikserve.kserve;

import java.util.List;

/**
 * What a server tells about itself. Immutable.
 *
 * @param extensions the protocol extensions it serves; AnyServe names none
 */
public record ServerMetadata(String name, String version, List<String> extensions) {
  /** Copies the list. */
  public ServerMetadata {
    extensions = List.copyOf(extensions);
  }
}
