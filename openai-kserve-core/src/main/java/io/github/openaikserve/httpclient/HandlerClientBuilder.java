package io.github.openaikserve.httpclient;

import io.github.openaikserve.http.OpenAiHandler;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** A builder of {@link HandlerClient}s. Not thread-safe. */
final class HandlerClientBuilder implements HttpClient.Builder {
  final OpenAiHandler handler;
  @Nullable Executor executor;
  @Nullable Duration connectTimeout;
  @Nullable CookieHandler cookieHandler;
  @Nullable ProxySelector proxy;
  @Nullable Authenticator authenticator;
  @Nullable SSLContext sslContext;
  @Nullable SSLParameters sslParameters;
  HttpClient.Redirect followRedirects = HttpClient.Redirect.NEVER;
  HttpClient.Version version = HttpClient.Version.HTTP_1_1;

  HandlerClientBuilder(OpenAiHandler handler) {
    this.handler = handler;
  }

  @Override
  public HttpClient.Builder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  @Override
  public HttpClient.Builder connectTimeout(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("connect timeout must be positive, was " + duration);
    }
    connectTimeout = duration;
    return this;
  }

  @Override
  public HttpClient.Builder cookieHandler(CookieHandler cookieHandler) {
    this.cookieHandler = Objects.requireNonNull(cookieHandler, "cookieHandler");
    return this;
  }

  @Override
  public HttpClient.Builder sslContext(SSLContext sslContext) {
    this.sslContext = Objects.requireNonNull(sslContext, "sslContext");
    return this;
  }

  @Override
  public HttpClient.Builder sslParameters(SSLParameters sslParameters) {
    this.sslParameters = Objects.requireNonNull(sslParameters, "sslParameters");
    return this;
  }

  @Override
  public HttpClient.Builder followRedirects(HttpClient.Redirect policy) {
    followRedirects = Objects.requireNonNull(policy, "policy");
    return this;
  }

  @Override
  public HttpClient.Builder version(HttpClient.Version version) {
    this.version = Objects.requireNonNull(version, "version");
    return this;
  }

  @Override
  public HttpClient.Builder priority(int priority) {
    if (priority < 1 || priority > 256) {
      throw new IllegalArgumentException("priority must be from 1 to 256, was " + priority);
    }
    return this;
  }

  @Override
  public HttpClient.Builder proxy(ProxySelector proxySelector) {
    proxy = Objects.requireNonNull(proxySelector, "proxySelector");
    return this;
  }

  @Override
  public HttpClient.Builder authenticator(Authenticator authenticator) {
    this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
    return this;
  }

  @Override
  public HttpClient build() {
    return new HandlerClient(this);
  }
}
