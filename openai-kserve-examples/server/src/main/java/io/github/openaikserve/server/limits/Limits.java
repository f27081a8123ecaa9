package io.github.openaikserve.server.limits;

import io.github.openaikserve.RequestOptions;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.observation.CallListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits and the usage of all clients. Thread-safe.
 *
 * <p>A client is the name of an API key, or a tenant that a trusted proxy names. A request takes an
 * estimate of its tokens from its client's limit before it is sent, which is replaced by what it
 * has used when it ends, also if it fails or is cancelled. Requests over a limit get status 429;
 * models that a client may not use do not exist for it.
 */
public final class Limits {
  private final Parties parties;
  private final Tickets tickets;

  /** Creates the limits; the clock is the system's. */
  public Limits(
      LimitOptions options,
      Function<ApiRequest, @Nullable Client> clients,
      MeterRegistry registry) {
    this(options, clients, registry, System::nanoTime);
  }

  /**
   * Creates the limits.
   *
   * @param clients returns the owner of a request's key; null where no keys are set
   * @param registry receives requests, refusals and tokens by client
   * @param clock a monotonic time in nanoseconds
   */
  public Limits(
      LimitOptions options,
      Function<ApiRequest, @Nullable Client> clients,
      MeterRegistry registry,
      LongSupplier clock) {
    this.parties = new Parties(options, clients, registry);
    this.tickets = new Tickets(clock);
  }

  /** Returns the listener of the service, by which the tokens of each request are known. */
  public CallListener listener() {
    return tickets;
  }

  /**
   * Returns a handler that applies the limits.
   *
   * @param calls the handler of the service with options, as {@code
   *     openai.with(options).httpHandler()}
   * @param defaultModel the name of the model of requests that name none; null for none
   */
  public OpenAiHandler around(
      Function<RequestOptions, OpenAiHandler> calls, Supplier<@Nullable String> defaultModel) {
    return new LimitsHandler(calls, parties, tickets, defaultModel);
  }

  /** Returns the usage of every client that is remembered. */
  public List<ClientUsage> usage() {
    return parties.usage();
  }

  /** Returns the number of requests that have not ended. */
  int open() {
    return tickets.size();
  }
}
