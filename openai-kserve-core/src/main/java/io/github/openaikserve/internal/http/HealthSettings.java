package io.github.openaikserve.internal.http;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.http.ReadinessRule;
import java.util.IdentityHashMap;

/**
 * The settings of the health endpoints. Immutable.
 *
 * @param names the names of backends in answers, by identity. Backends without a name are listed
 *     without one
 */
public record HealthSettings(ReadinessRule rule, IdentityHashMap<InferenceBackend, String> names) {
  /** Copies the names. */
  public HealthSettings {
    names = new IdentityHashMap<>(names);
  }
}
