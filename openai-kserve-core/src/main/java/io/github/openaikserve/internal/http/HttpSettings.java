package io.github.openaikserve.internal.http;

import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How requests are read and responses sent. Immutable.
 *
 * @param keepAlive how long a stream may be silent before it receives a comment; null for none
 * @param abortFailedStreams whether the body of a stream that fails also fails
 * @param reasoning the fields in which answers have reasoning
 * @param executor completes responses; null for the thread that made them
 * @param forwardedHeaders the names of the headers to forward to the model server
 * @param observedHeaders the names of further headers for listeners
 * @param affinityHeader the name of the header whose value is the affinity key; null for none
 * @param limits how much one request may hold
 * @param health how the health endpoints answer
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
    HealthSettings health,
    boolean modelControl) {
  /** Copies the lists. */
  public HttpSettings {
    forwardedHeaders = List.copyOf(forwardedHeaders);
    observedHeaders = List.copyOf(observedHeaders);
  }
}
