package io.github.openaikserve.httpclient;

import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.internal.concurrent.Futures;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** An HTTP client that passes each request to a handler. Thread-safe. */
final class HandlerClient extends HttpClient {
  private static final int IDLE_SECONDS = 10;

  private final OpenAiHandler handler;
  private final @Nullable Executor configured;
  private final Executor executor;
  private final Optional<Duration> connectTimeout;
  private final Optional<CookieHandler> cookieHandler;
  private final Optional<ProxySelector> proxy;
  private final Optional<Authenticator> authenticator;
  private final @Nullable SSLContext sslContext;
  private final SSLParameters sslParameters;
  private final Redirect followRedirects;
  private final Version version;
  private final RunningExchanges running = new RunningExchanges();

  HandlerClient(HandlerClientBuilder settings) {
    handler = settings.handler;
    configured = settings.executor;
    executor = configured == null ? threads() : configured;
    connectTimeout = Optional.ofNullable(settings.connectTimeout);
    cookieHandler = Optional.ofNullable(settings.cookieHandler);
    proxy = Optional.ofNullable(settings.proxy);
    authenticator = Optional.ofNullable(settings.authenticator);
    sslContext = settings.sslContext;
    sslParameters = Objects.requireNonNullElseGet(settings.sslParameters, SSLParameters::new);
    followRedirects = settings.followRedirects;
    version = settings.version;
  }

  private static Executor threads() {
    var count = new AtomicInteger();
    ThreadFactory factory =
        task -> {
          var thread = new Thread(task, "openaikserve-httpclient-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> bodyHandler)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<T>> response = sendAsync(request, bodyHandler);
    try {
      return response.get();
    } catch (InterruptedException e) {
      response.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw IoFailure.of(Futures.cause(e));
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, HttpResponse.BodyHandler<T> bodyHandler) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(bodyHandler, "bodyHandler");
    return new Exchange<>(request, bodyHandler, this).start();
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      HttpResponse.BodyHandler<T> bodyHandler,
      HttpResponse.@Nullable PushPromiseHandler<T> pushPromiseHandler) {
    return sendAsync(request, bodyHandler); // the handler never pushes
  }

  OpenAiHandler handler() {
    return handler;
  }

  Executor tasks() {
    return executor;
  }

  RunningExchanges running() {
    return running;
  }

  @Override
  public Optional<Executor> executor() {
    return Optional.ofNullable(configured);
  }

  @Override
  public Version version() {
    return version;
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return connectTimeout;
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return cookieHandler;
  }

  @Override
  public Redirect followRedirects() {
    return followRedirects;
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return proxy;
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return authenticator;
  }

  @Override
  public SSLContext sslContext() {
    try {
      return sslContext == null ? SSLContext.getDefault() : sslContext;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no default SSLContext", e);
    }
  }

  @Override
  public SSLParameters sslParameters() {
    return sslParameters;
  }

  // The following methods override those that HttpClient has since JDK 21; its close() calls them.

  public void shutdown() {
    running.shutdown();
  }

  public void shutdownNow() {
    running.shutdown();
    running.abort(new IOException("the HTTP client was shut down"));
  }

  public boolean isTerminated() {
    return running.isTerminated();
  }

  public boolean awaitTermination(Duration duration) throws InterruptedException {
    return running.awaitTermination(duration);
  }
}
