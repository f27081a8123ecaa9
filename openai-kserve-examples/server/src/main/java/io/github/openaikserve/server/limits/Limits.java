package io.github.openaikserve.server.limits;

import io.github.openaikserve.RequestOptions;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.observation.CallListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
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
  private static final int MAX_KEYS = 10_000;

  private final ClientAccounts keys;
  private final ClientAccounts tenants;
  private final Tickets tickets;

  /** Creates the accounts of all clients; the clock is the system's. */
  public Limits(MeterRegistry registry, RequestNotes notes) {
    this(registry, notes, System::nanoTime);
  }

  /**
   * Creates the accounts of all clients.
   *
   * @param registry receives requests, refusals and tokens by client
   * @param notes receives what each request has used
   * @param clock a monotonic time in nanoseconds
   */
  public Limits(MeterRegistry registry, RequestNotes notes, LongSupplier clock) {
    this.keys = new ClientAccounts(MAX_KEYS, registry);
    this.tenants = new ClientAccounts(TenantRule.DEFAULT_MAX_TENANTS, registry);
    this.tickets = new Tickets(notes, clock);
  }

  /** Returns the listener of every service, by which the tokens of each request are known. */
  public CallListener listener() {
    return tickets;
  }

  /**
   * Returns a handler that applies limits. What clients have used counts for all such handlers.
   *
   * @param clients returns the owner of a request's key; null where no keys are set
   * @param calls the handler of the service with options, as {@code
   *     openai.with(options).httpHandler()}
   * @param defaultModel the name of the model of requests that name none; null for none
   */
  public OpenAiHandler around(
      LimitOptions options,
      Function<ApiRequest, @Nullable Client> clients,
      Function<RequestOptions, OpenAiHandler> calls,
      @Nullable String defaultModel) {
    return new LimitsHandler(
        calls, new Parties(options, clients, keys, tenants), tickets, defaultModel);
  }

  /** Returns the usage of every client that is remembered. */
  public List<ClientUsage> usage() {
    return Stream.concat(keys.usage().stream(), tenants.usage().stream()).toList();
  }

  /** Returns the number of requests that have not ended. */
  int open() {
    return tickets.size();
  }
}
