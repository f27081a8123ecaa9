package io.github.openaikserve.server.limits;

import io.github.openaikserve.RequestOptions;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The limits and the usage of all clients. Thread-safe.
 *
 * <p>A client is the name of an API key, or a tenant that a trusted proxy names. Before a request
 * is sent, its estimated tokens are taken from the client's limit. When the request ends, fails or
 * is cancelled, its usage replaces the estimate. Requests over a limit receive status 429. A model
 * that a client may not use is unknown to it (404).
 */
public final class Limits {
  private static final String ATTRIBUTE = "openai_kserve.ticket";
  private static final int MAX_KEYS = 10_000;

  private final ClientAccounts keys;
  private final ClientAccounts tenants;
  private final RequestNotes notes;
  private final LongSupplier clock;
  private final AtomicLong last = new AtomicLong();

  /** The running requests. A call finds the ticket of its request by an attribute. */
  private final Map<String, Ticket> open = new ConcurrentHashMap<>();

  /** Creates the accounts of all clients, with the system's clock. */
  public Limits(MeterRegistry registry, RequestNotes notes) {
    this(registry, notes, System::nanoTime);
  }

  /**
   * Creates the accounts of all clients.
   *
   * @param registry receives meters of requests, refusals and tokens by client
   * @param notes receives the usage of each request
   * @param clock a monotonic clock in nanoseconds
   */
  public Limits(MeterRegistry registry, RequestNotes notes, LongSupplier clock) {
    this.keys = new ClientAccounts(MAX_KEYS, registry);
    this.tenants = new ClientAccounts(TenantRule.DEFAULT_MAX_TENANTS, registry);
    this.notes = notes;
    this.clock = clock;
  }

  /** Returns the listener to register with every service; it receives the usage of each call. */
  public CallListener listener() {
    return this::start;
  }

  /**
   * Returns a handler that applies limits. All handlers share the usage of clients.
   *
   * @param clients returns the owner of a request's key; null if no keys are set
   * @param calls returns the service's handler for options, such as {@code
   *     openai.with(options).httpHandler()}
   * @param defaultModel the model of requests that name none; null if there is no default
   */
  public OpenAiHandler around(
      LimitOptions options,
      Function<ApiRequest, @Nullable Client> clients,
      Function<RequestOptions, OpenAiHandler> calls,
      @Nullable String defaultModel) {
    return new LimitsHandler(
        calls, new Parties(options, clients, keys, tenants), this, defaultModel);
  }

  /** Returns the usage of every client with an account. */
  public List<ClientUsage> usage() {
    return Stream.concat(keys.usage().stream(), tenants.usage().stream()).toList();
  }

  private CallObserver start(CallInfo call) {
    String id = call.attributes().get(ATTRIBUTE);
    Ticket ticket = id == null ? null : open.get(id);
    return ticket == null ? CallObserver.NONE : ticket.call(call);
  }

  long now() {
    return clock.getAsLong();
  }

  RequestNotes notes() {
    return notes;
  }

  Ticket open(ApiRequest request, ClientAccount account, long reserved) {
    String number = RequestNotes.numberOf(request);
    notes.expect(number);
    var ticket = new Ticket(this, Long.toString(last.incrementAndGet()), number, account, reserved);
    open.put(ticket.id(), ticket);
    return ticket;
  }

  /** Returns the options by which the calls of a request find its ticket. */
  static RequestOptions options(Ticket ticket, Party party) {
    var options =
        RequestOptions.builder().attribute(ATTRIBUTE, ticket.id()).queueKey(ticket.client());
    if (party.owner() != null) {
      options.owner(party.owner());
    }
    return options.build();
  }

  boolean remove(String id) {
    return open.remove(id) != null;
  }

  int open() {
    return open.size();
  }
}
