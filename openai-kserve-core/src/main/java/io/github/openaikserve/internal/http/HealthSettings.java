package io.github.openaikserve.internal.http;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.http.ReadinessRule;
import java.util.IdentityHashMap;

/**
 * How the health endpoints answer. Immutable.
 *
 * @param names the names of backends in answers, by identity; a backend without one is not named
 */
public record HealthSettings(ReadinessRule rule, IdentityHashMap<InferenceBackend, String> names) {
  /** Copies the names. */
  public HealthSettings {
    names = new IdentityHashMap<>(names);
  }
}
