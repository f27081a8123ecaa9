package io.github.openaikserve.server.limits;

import io.github.openaikserve.RequestOptions;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The tickets of all running requests. A call finds the ticket of its request by an attribute.
 * Thread-safe.
 */
final class Tickets implements CallListener {
  private static final String ATTRIBUTE = "openai_kserve.ticket";

  private final RequestNotes notes;
  private final LongSupplier clock;
  private final AtomicLong last = new AtomicLong();
  private final Map<String, Ticket> open = new ConcurrentHashMap<>();

  /** Creates an empty set; {@code clock} is monotonic, in nanoseconds. */
  Tickets(RequestNotes notes, LongSupplier clock) {
    this.notes = notes;
    this.clock = clock;
  }

  long now() {
    return clock.getAsLong();
  }

  RequestNotes notes() {
    return notes;
  }

  /** Opens a ticket for an admitted request. */
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

  /** Returns the number of requests that have not ended. */
  int size() {
    return open.size();
  }

  @Override
  public CallObserver start(CallInfo call) {
    String id = call.attributes().get(ATTRIBUTE);
    Ticket ticket = id == null ? null : open.get(id);
    return ticket == null ? CallObserver.NONE : ticket.call(call);
  }
}
