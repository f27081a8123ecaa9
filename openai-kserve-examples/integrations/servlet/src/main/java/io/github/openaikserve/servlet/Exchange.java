package io.github.openaikserve.servlet;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One request and its response. Thread-safe. */
final class Exchange implements AsyncListener {
  private static final String FAILURE = Exchange.class.getName() + ".failure";
  private static final byte[] NO_BODY = {};

  private final OpenAiHandler handler;
  private final int maxBody;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final AsyncContext context;
  private final ApiRequest head;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable CompletableFuture<ApiResponse> answer;
  private volatile @Nullable ResponseWriter writer;

  Exchange(
      OpenAiHandler handler,
      int maxBody,
      String prefix,
      HttpServletRequest request,
      HttpServletResponse response) {
    this.handler = handler;
    this.maxBody = maxBody;
    this.request = request;
    this.response = response;
    head = new ApiRequest(request.getMethod(), path(request, prefix), headers(request), NO_BODY);
    context = request.startAsync(request, response);
  }

  private static String path(HttpServletRequest request, String prefix) {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    String own = path.startsWith(prefix + "/") ? path.substring(prefix.length()) : path;
    String query = request.getQueryString();
    return query == null ? own : own + "?" + query;
  }

  private static Map<String, List<String>> headers(HttpServletRequest request) {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name, Collections.list(request.getHeaders(name)));
    }
    return headers;
  }

  /** Fails a dispatch that {@link #abort} has started, so that the container disconnects. */
  static void rethrowFailure(HttpServletRequest request) throws IOException {
    if (request.getAttribute(FAILURE) instanceof Throwable failure) {
      throw new IOException("the stream failed", failure);
    }
  }

  void begin() throws IOException {
    context.setTimeout(0); // the service's timeouts limit the answer
    context.addListener(this);
    ApiResponse rejection = handler.reject(head).orElse(null);
    if (rejection != null) {
      write(rejection);
    } else if (request.getContentLengthLong() > maxBody) {
      refuseBody();
    } else {
      var in = request.getInputStream();
      in.setReadListener(new RequestReader(in, maxBody, this));
    }
  }

  void refuseBody() {
    write(
        handler.refuse(
            head,
            new InvalidRequestException(
                413,
                "request_too_large",
                null,
                "The request body exceeds the limit of %d bytes.".formatted(maxBody))));
  }

  void handle(byte[] body) {
    CompletableFuture<ApiResponse> pending =
        handler.handle(new ApiRequest(head.method(), head.path(), head.headers(), body));
    answer = pending;
    if (ended.get()) {
      pending.cancel(false);
    }
    pending.whenComplete(
        (ready, failure) -> {
          if (ready != null) {
            write(ready);
          } else {
            complete();
          }
        });
  }

  private void write(ApiResponse ready) {
    try (var unwritten = new Unwritten(ready.body())) {
      response.setStatus(ready.status());
      ready.headers().forEach(response::setHeader);
      if (ready.body().length() >= 0) {
        response.setContentLengthLong(ready.body().length());
      }
      var out = response.getOutputStream();
      var writing = new ResponseWriter(out, ready.body(), this);
      writer = writing;
      if (!ended.get()) {
        out.setWriteListener(writing);
        unwritten.release();
      }
    } catch (IOException | RuntimeException e) { // the container has ended the request
      complete();
    }
  }

  /** Closes a body, unless it was released to a writer. */
  private static final class Unwritten implements AutoCloseable {
    private @Nullable ApiBody body;

    Unwritten(ApiBody body) {
      this.body = body;
    }

    void release() {
      body = null;
    }

    @Override
    public void close() {
      if (body != null) {
        body.close();
      }
    }
  }

  /** Ends the request: the response was written or the client has disconnected. */
  void complete() {
    if (!end()) {
      return; // the context may belong to the next request by now
    }
    try {
      context.complete();
    } catch (IllegalStateException e) {
      // The container has already ended the request.
    }
  }

  /**
   * Breaks the connection, so that the client does not mistake the partial response for a complete
   * one. The servlet API has no method for this, but containers do it if a dispatch fails after the
   * first byte.
   */
  void abort(Throwable failure) {
    if (!end()) {
      return;
    }
    try {
      request.setAttribute(FAILURE, failure);
      context.dispatch();
    } catch (IllegalStateException e) {
      // The container has already ended the request.
    }
  }

  /** Cancels what is in progress; returns whether the request had not ended yet. */
  private boolean end() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    CompletableFuture<ApiResponse> pending = answer;
    if (pending != null) {
      pending.cancel(false);
    }
    ResponseWriter writing = writer;
    if (writing != null) {
      writing.cancel();
    }
    return true;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    end();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    complete();
  }

  @Override
  public void onError(AsyncEvent event) {
    if (request.getAttribute(FAILURE) == null) {
      complete();
    }
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
