package io.github.openaikserve.server.http;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.route.Health;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** One request and its response. Runs on its connection's event loop, and only there. */
final class Exchange {
  private static final int INTERNAL_SERVER_ERROR = 500;

  /**
   * The maximum bytes of a rejected request that are read and discarded, to keep its connection.
   */
  private static final int MAX_UNREAD = 64 << 10;

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
  private int unread;
  private boolean counted;
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
        new ClientTimeout(context.owner(), served.options().writeTimeout(), this::stalled);
    this.answer = new Answer(request, context, writeTimeout, this::end);
    this.entry = new AccessLog.Entry(request);
    this.handlerCall = new HandlerCall(served, head, body, context, this::answered);
    this.requestTimeout =
        new ClientTimeout(context.owner(), served.options().requestTimeout(), this::tooSlow);
    this.filter = Http1Filter.of(request.connection());
    this.number = filter == null ? 0 : filter.begin();
  }

  void begin() {
    boolean health = Health.isAsked(head.method(), head.path());
    counted = served.exchanges().begin(this, request.connection(), health);
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
    if (rejection != null && (head.expectsContinue() || head.announcedLength() > MAX_UNREAD)) {
      refuse(rejection);
      return;
    }
    requestTimeout.restart();
    if (head.expectsContinue()) {
      response.writeContinue();
    }
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
    if (!counted) {
      throw Refusals.shuttingDown();
    }
    head.check();
    if (!settled) {
      rejection = handler.reject(head.withoutBody()).orElse(null);
    }
    if (rejection == null) {
      body.checkAnnounced();
    }
  }

  private void read(Buffer piece) {
    if (refused) {
      return;
    }
    if (rejection != null) {
      unread += piece.length();
      if (unread > MAX_UNREAD) {
        refuse(rejection);
      }
      return;
    }
    try {
      body.add(piece);
    } catch (OpenAiException e) {
      refuse(e);
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
    handlerCall.release();
    requestTimeout.restart();
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
      answer();
    }
  }

  /** Disconnects after the body was read: closing on unread bytes resets the connection. */
  private void disconnect() {
    if (refused && ended && whole) {
      requestTimeout.stop();
      if (!answer.isHttp2()) {
        answer.disconnect();
      }
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
      answer.write(INTERNAL_SERVER_ERROR); // a bug of the handler; the client must not wait
    }
  }

  private void write(ApiResponse ready) {
    entry.requestId(ready.headers().getOrDefault("x-request-id", "-"));
    if (served.exchanges().isStopping() && !refused) {
      answer.closeAfterwards();
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
    if (counted) {
      served.exchanges().end(this, request.connection());
    }
    if (refused && delivered) {
      disconnect();
    } else {
      requestTimeout.stop();
    }
  }

  private void cancel() {
    handlerCall.cancel();
    answer.cancel();
  }
}
