package io.github.openaikserve.server;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its response. Runs on its connection's event loop, and only there. */
final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private static final int OUR_BUG = 500;

  /** The largest body that is read as JSON on the event loop, in bytes. */
  private static final int MAX_ON_EVENT_LOOP = 64 << 10;

  /** The bytes of a rejected request that are read and dropped, to keep its connection. */
  private static final int MAX_UNREAD = 64 << 10;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final OpenAiHandler handler;
  private final ServerOptions options;
  private final Exchanges exchanges;
  private final Executor workers;
  private final RequestHead head;
  private final RequestBody body;
  private final Context context = Vertx.currentContext();
  private final Stall stall;
  private final long begun = System.nanoTime();
  private @Nullable Long timer;
  private @Nullable CompletableFuture<ApiResponse> answer;
  private @Nullable BodyWriter writer;
  private @Nullable ApiResponse rejection;
  private int unread;
  private boolean asked;
  private boolean counted;
  private boolean settled;
  private boolean whole;
  private boolean refused;
  private boolean ended;
  private String requestId = "-";
  private String remark = "";

  Exchange(HttpServerRequest request, Served served) {
    this.request = request;
    this.response = request.response();
    this.handler = served.handler();
    this.options = served.options();
    this.exchanges = served.exchanges();
    this.workers = served.workers();
    this.head = RequestHead.of(request);
    this.body = new RequestBody(served.budget(), options.maxBody(), head.announcedLength());
    this.stall = new Stall(context.owner(), options.stall(), this::stalled);
  }

  void begin() {
    counted = exchanges.begin(this, request.connection(), Health.isAsked(head.path()));
    settled = new Cors(options.origins()).answered(request);
    response.closeHandler(gone -> end(false));
    response.exceptionHandler(broken -> cancel());
    request.exceptionHandler(broken -> cancel());
    request.handler(this::read);
    request.endHandler(nothing -> whole());
    try {
      check();
    } catch (OpenAiException e) {
      refuse(e);
      return;
    }
    boolean asksFirst = "100-continue".equalsIgnoreCase(request.getHeader("expect"));
    if (rejection != null && (asksFirst || head.announcedLength() > MAX_UNREAD)) {
      refuse(rejection);
      return;
    }
    startTimer(() -> refuse(Refusals.tooSlow(options.patience())));
    if (asksFirst) {
      response.writeContinue();
    }
  }

  /** Checks what the head tells, before any of the body is kept. */
  private void check() {
    if (!counted) {
      throw Refusals.shuttingDown();
    }
    head.checkCount();
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
   * Answers without the handler, and hangs up: when the rest of the body was read, so that its
   * sender sees the answer, and in any case once patience is over.
   */
  private void refuse(OpenAiException error) {
    refuse(handler.refuse(head.withoutBody(), error));
  }

  private void refuse(ApiResponse refusal) {
    refused = true;
    if (!asked) {
      body.release();
    }
    startTimer(() -> request.connection().close());
    response.putHeader("connection", "close");
    write(refusal);
  }

  private void whole() {
    whole = true;
    if (refused) {
      hangUp();
    } else {
      stopTimer();
      answer();
    }
  }

  /** Not before the body was read: closing on unread bytes resets the client's connection. */
  private void hangUp() {
    if (refused && ended && whole) {
      stopTimer();
      request.connection().close();
    }
  }

  private void answer() {
    if (ended) {
      return;
    }
    if (settled) {
      finish();
      return;
    }
    if (rejection != null) {
      write(rejection);
    } else if (exchanges.isStopping() && Health.isReadiness(head.path())) {
      write(handler.refuse(head.withoutBody(), Refusals.shuttingDown()));
    } else {
      ask(head.with(body.whole()));
    }
  }

  /** Asks the handler; what takes long to read is read on another thread. */
  private void ask(ApiRequest whole) {
    asked = true;
    if (whole.body().length <= MAX_ON_EVENT_LOOP) {
      await(answerOf(whole));
      return;
    }
    workers.execute(
        () -> {
          CompletableFuture<ApiResponse> pending = answerOf(whole);
          later(() -> await(pending));
        });
  }

  private CompletableFuture<ApiResponse> answerOf(ApiRequest whole) {
    try {
      return handler.handle(whole);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void await(CompletableFuture<ApiResponse> pending) {
    answer = pending;
    pending.whenComplete((ready, failure) -> later(() -> answered(ready, failure)));
    if (ended || refused) {
      pending.cancel(false);
    }
  }

  private void answered(@Nullable ApiResponse ready, @Nullable Throwable failure) {
    body.release();
    if (ready != null && (ended || refused)) {
      ready.body().close();
    } else if (ready != null) {
      write(ready);
    } else if (!ended && !refused) {
      writeOurBug(failure);
    }
  }

  /** A handler has broken its contract; its client must not wait. */
  private void writeOurBug(@Nullable Throwable failure) {
    log.error("handler failed", failure);
    response.setStatusCode(OUR_BUG);
    finish();
  }

  private void write(ApiResponse ready) {
    requestId = ready.headers().getOrDefault("x-request-id", "-");
    if (response.closed()) {
      ready.body().close();
      return;
    }
    response.setStatusCode(ready.status());
    ready.headers().forEach(response::putHeader);
    if (ready.body().length() >= 0) {
      response.putHeader("content-length", String.valueOf(ready.body().length()));
    } else {
      response.setChunked(true);
    }
    var bytes = new BodyWriter(response, context, stall, this::finish);
    writer = bytes;
    ready.body().subscribe(bytes);
  }

  /** It is over only when the last byte is in the socket: a slow reader may still be far behind. */
  private void finish() {
    Future<Void> sent = response.end();
    if (!sent.isComplete()) {
      stall.watch();
    }
    sent.onComplete(outcome -> end(outcome.succeeded()));
  }

  /** The client takes nothing, so there is no end to wait for. */
  private void stalled() {
    remark = " (client stalled)";
    cancel();
    Cut.through(request.connection());
  }

  /**
   * The server cannot wait any longer: a stream ends with an event that says so, and what has not
   * begun to be answered is refused. A whole answer that is on its way goes on.
   */
  void endNow() {
    if (ended || refused) {
      return;
    }
    BodyWriter bytes = writer;
    if (bytes == null) {
      remark = " (shutdown)";
      cancel();
      refuse(Refusals.shuttingDown());
      if (whole) {
        stopTimer();
      }
    } else if (response.isChunked() && bytes.interrupt()) {
      remark = " (shutdown)";
      response.write(Refusals.event(handler.refuse(head.withoutBody(), Refusals.shuttingDown())));
      finish();
    }
  }

  /** Makes something happen on its event loop. */
  void later(Runnable task) {
    context.runOnContext(nothing -> task.run());
  }

  /** The response is in the socket or its client is gone, whichever comes first. */
  private void end(boolean delivered) {
    if (ended) {
      return;
    }
    ended = true;
    stall.over();
    cancel();
    if (!asked) { // else the handler may still be reading the body
      body.release();
    }
    AccessLog.write(
        request, begun, requestId, remark.isEmpty() && !delivered ? " (client gone)" : remark);
    if (counted) {
      exchanges.end(this, request.connection());
    }
    if (refused && delivered) {
      hangUp();
    } else {
      stopTimer();
    }
  }

  private void cancel() {
    CompletableFuture<ApiResponse> pending = answer;
    if (pending != null) {
      pending.cancel(false);
    }
    BodyWriter bytes = writer;
    if (bytes != null) {
      bytes.cancel();
    }
  }

  private void startTimer(Runnable late) {
    stopTimer();
    timer = context.owner().setTimer(options.patience().toMillis(), fired -> late.run());
  }

  private void stopTimer() {
    Long running = timer;
    if (running != null) {
      context.owner().cancelTimer(running);
      timer = null;
    }
  }
}
