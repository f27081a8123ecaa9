package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.time.Scheduler;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What a model gets from the service it is a part of. Immutable.
 *
 * @param backend of a model that names none; null for none
 * @param created when a model was made that does not say, in seconds since 1970
 * @param strict whether all models are
 * @param limits how much one request may hold
 */
record ModelDefaults(
    @Nullable InferenceBackend backend,
    long created,
    boolean strict,
    InstantSource clock,
    Scheduler scheduler,
    RequestLimits limits) {
  ModelDefaults withBackend(InferenceBackend other) {
    return new ModelDefaults(other, created, strict, clock, scheduler, limits);
  }
}
