package io.github.openaikserve.server.http;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.connection.Http1Filter;
import io.github.openaikserve.server.connection.WaitingRequest;
import io.github.openaikserve.server.route.Health;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** One request and its response. Runs on its connection's event loop, and only there. */
final class Exchange {
  /**
   * The maximum bytes of a body that are read and discarded, to keep its connection: of a rejected
   * request, and of a request that takes no body.
   */
  private static final int MAX_UNREAD = 64 << 10;

  /** The maximum memory of a response that counts; only clients with a key get larger ones. */
  private static final long MAX_HELD = 64 << 10;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final OpenAiHandler handler;
  private final Served served;
  private final String noteNumber;
  private final RequestHead head;
  private final RequestBody body;
  private final Context context = Vertx.currentContext();
  private final ClientTimeout writeTimeout;
  private final Answer answer;
  private final AccessLog.Entry entry;
  private final HandlerCall handlerCall;
  private final ClientTimeout requestTimeout;
  private final @Nullable Http1Filter filter;
  private final int number;
  private @Nullable ApiResponse rejection;
  private @Nullable WaitingRequest waiting;
  private int unread;
  private boolean settled;
  private boolean whole;
  private boolean refused;
  private boolean ended;

  Exchange(HttpServerRequest request, Served served) {
    this.request = request;
    this.response = request.response();
    this.handler = served.handler();
    this.served = served;
    this.noteNumber = served.notes().begin();
    this.head = RequestHead.of(request, noteNumber);
    this.body =
        new RequestBody(served.budget(), served.options().maxBody(), head.announcedLength());
    this.writeTimeout =
        new ClientTimeout(
            context.owner(), served.options().writeTimeout(), this::stalled, this::waits);
    this.answer = new Answer(request, context, writeTimeout, this::end);
    this.entry = new AccessLog.Entry(request);
    this.handlerCall = new HandlerCall(served, head, body, context, this::answered);
    this.requestTimeout =
        new ClientTimeout(
            context.owner(), served.options().requestTimeout(), this::tooSlow, started -> {});
    this.filter = Http1Filter.of(request.connection());
    this.number = filter == null ? 0 : filter.begin();
  }

  void begin() {
    settled = new Cors(served.options().corsOrigins()).answered(request);
    response.closeHandler(gone -> end(false));
    response.exceptionHandler(broken -> cancel());
    request.exceptionHandler(gone -> cancel());
    request.handler(this::read);
    request.endHandler(nothing -> whole());
    try {
      check();
    } catch (OpenAiException e) {
      refuse(e);
      return;
    }
    boolean expectsContinue = head.expectsContinue() && request.version() != HttpVersion.HTTP_1_0;
    if (rejection != null && (expectsContinue || answer.isHttp2() || announcesTooMuch())) {
      refuse(rejection);
      return;
    }
    if (ended) {
      return; // the connection was closed, for its memory
    }
    requestTimeout.restart();
    if (expectsContinue) {
      response.writeContinue();
    }
  }

  private boolean announcesTooMuch() {
    return head.announcedLength() > MAX_UNREAD;
  }

  private void tooSlow() {
    if (refused) {
      answer.disconnect();
    } else {
      refuse(Refusals.tooSlow(served.options().requestTimeout()));
    }
  }

  /** Checks the head before any of the body is stored. */
  private void check() {
    boolean health = Health.isAsked(head.method(), head.path());
    waiting = served.exchanges().begin(this, request.connection(), head.bytes(), health);
    if (ended) {
      leave();
    }
    head.check();
    if (!settled) {
      rejection = handler.reject(head.withoutBody()).orElse(null);
    }
    if (rejection == null && !takesBody()) {
      checkUnread(head.announcedLength());
    } else if (rejection == null) {
      body.checkAnnounced();
    }
  }

  private boolean takesBody() {
    return !settled && head.takesBody();
  }

  private static void checkUnread(long length) {
    if (length > MAX_UNREAD) {
      throw Refusals.noBody(MAX_UNREAD);
    }
  }

  private void read(Buffer piece) {
    if (waiting != null) {
      waiting.progress();
    }
    if (refused || ended) {
      return;
    }
    try {
      if (rejection == null && takesBody()) {
        body.add(piece);
      } else {
        unread += piece.length();
        discard();
      }
    } catch (OpenAiException e) {
      refuse(e);
    }
  }

  private void discard() {
    if (rejection == null) {
      checkUnread(unread);
    } else if (unread > MAX_UNREAD) {
      refuse(rejection);
    }
  }

  /**
   * Answers with an error and closes the connection. Closes it when the rest of the body was read,
   * so that the client receives the response, but at the latest after the request timeout.
   */
  private void refuse(OpenAiException error) {
    refuse(handler.refuse(head.withoutBody(), error));
  }

  private void refuse(ApiResponse refusal) {
    refused = true;
    waits(true);
    handlerCall.release();
    if (!ended) {
      requestTimeout.restart();
    }
    answer.announceClose();
    write(refusal);
  }

  private void whole() {
    whole = true;
    if (!ended && !refused && filter != null && filter.isMalformed(number)) {
      entry.remark(" (malformed body)");
      refuse(Refusals.malformedBody());
    } else if (refused) {
      disconnect();
    } else {
      requestTimeout.stop();
      waits(false);
      answer();
    }
  }

  /** Notes whether the server waits for the client. A refused client has nothing to wait for. */
  private void waits(boolean now) {
    if (waiting != null && (now || refused)) {
      waiting.await();
    } else if (waiting != null) {
      waiting.work();
    }
  }

  /** Disconnects after the body was read: closing on unread bytes resets the connection. */
  private void disconnect() {
    if (refused && ended && answer.isHttp2()) {
      requestTimeout.stop();
      later(this::resetUnread); // the rest of the body may have arrived already
    } else if (refused && ended && whole) {
      requestTimeout.stop();
      answer.disconnect();
    }
  }

  /**
   * Ends a stream of HTTP/2 whose request is not whole, because it holds its head until then.
   *
   * <p><b>Source:</b> RFC 9113, section 8.1.
   */
  private void resetUnread() {
    if (!whole) {
      answer.disconnect();
    }
  }

  private void answer() {
    if (ended) {
      return;
    }
    if (settled) {
      answer.finish();
    } else if (rejection != null) {
      write(rejection);
    } else if (served.exchanges().isStopping() && Health.isReadiness(head.method(), head.path())) {
      write(handler.refuse(head.withoutBody(), Refusals.shuttingDown()));
    } else {
      handlerCall.start();
    }
  }

  private void answered(@Nullable ApiResponse ready) {
    if (ready != null && (ended || refused)) {
      ready.body().close();
    } else if (ready != null) {
      write(ready);
    } else if (!ended && !refused) {
      write(Refusals.bug(handler, head.withoutBody())); // the client must not wait
    }
  }

  private void write(ApiResponse ready) {
    entry.requestId(ready.headers().getOrDefault("x-request-id", "-"));
    if (served.exchanges().isStopping() && !refused) {
      answer.closeAfterwards();
    }
    if (waiting != null) {
      waiting.hold(Math.max(0, Math.min(ready.body().length(), MAX_HELD)));
    }
    answer.write(ready);
  }

  /** Disconnects a client that has read nothing for the write timeout. */
  private void stalled() {
    entry.remark(" (client stalled)");
    cancel();
    answer.forceClose();
  }

  /**
   * Ends the exchange because the grace period is over. A stream ends with an {@code error} event;
   * a request without a response is refused with 503. A whole response that is being written
   * continues.
   */
  void endNow() {
    if (ended || refused) {
      return;
    }
    if (!answer.isBegun()) {
      entry.remark(" (shutdown)");
      cancel();
      refuse(Refusals.shuttingDown());
      if (whole) {
        requestTimeout.stop();
      }
    } else if (answer.interrupt(
        Refusals.event(handler.refuse(head.withoutBody(), Refusals.shuttingDown())))) {
      entry.remark(" (shutdown)");
    }
  }

  void later(Runnable task) {
    context.runOnContext(nothing -> task.run());
  }

  /** Ends the exchange: the response was written or the client has disconnected. */
  private void end(boolean delivered) {
    if (ended) {
      return;
    }
    ended = true;
    writeTimeout.stop();
    cancel();
    handlerCall.release();
    entry.write(delivered, served.logged(), served.notes().end(noteNumber));
    served.meters().answered(head, response, entry.nanos());
    leave();
    if (refused && delivered) {
      disconnect();
    } else {
      requestTimeout.stop();
    }
  }

  private void leave() {
    if (waiting != null) {
      served.exchanges().end(this);
      waiting.end();
    }
  }

  private void cancel() {
    handlerCall.cancel();
    answer.cancel();
  }
}
