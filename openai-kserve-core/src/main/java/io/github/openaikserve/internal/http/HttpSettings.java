package io.github.openaikserve.internal.http;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.http.ReadinessRule;
import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The settings for reading requests and sending responses. Immutable.
 *
 * @param keepAlive the interval of comments on an idle stream; null for none
 * @param abortFailedStreams whether the body of a failed stream also fails
 * @param reasoning the JSON fields of reasoning in answers
 * @param executor completes responses; null for the thread that created the response
 * @param forwardedHeaders the names of the headers to forward to the model server
 * @param observedHeaders the names of additional headers for listeners
 * @param affinityHeader the name of the header whose value is the affinity key; null for none
 * @param limits the limits on one request
 * @param health the settings of the health endpoints
 * @param modelControl whether clients may load and unload models
 */
public record HttpSettings(
    @Nullable Duration keepAlive,
    boolean abortFailedStreams,
    ReasoningFields reasoning,
    @Nullable Executor executor,
    List<String> forwardedHeaders,
    List<String> observedHeaders,
    @Nullable String affinityHeader,
    Scheduler scheduler,
    RequestLimits limits,
    Health health,
    boolean modelControl) {
  /** Copies the lists. */
  public HttpSettings {
    forwardedHeaders = List.copyOf(forwardedHeaders);
    observedHeaders = List.copyOf(observedHeaders);
  }

  /**
   * The settings of the health endpoints. Immutable.
   *
   * @param names the names of backends in answers, by identity. Backends without a name are listed
   *     without one
   */
  public record Health(ReadinessRule rule, IdentityHashMap<InferenceBackend, String> names) {
    /** Copies the names. */
    public Health {
      names = new IdentityHashMap<>(names);
    }
  }
}
