package io.github.openaikserve.httpclient;

import io.github.openaikserve.http.OpenAiHandler;
import java.net.http.HttpClient;
import java.util.Objects;

/**
 * Factory methods for {@link HttpClient}s that pass each request to an {@link OpenAiHandler} in
 * this process. No socket is opened.
 *
 * <p>The scheme, host and port of a URI are ignored; the path selects the handler's endpoint, as in
 * {@code http://in-process/v1/models}. Redirects, cookies, proxies, authenticators, TLS and the
 * connect timeout have no effect. Everything else works as in the JDK's client:
 *
 * <ul>
 *   <li>Any {@code BodyHandler} can read the response. A body that is a stream or a publisher is
 *       pulled as it is read, so a slow reader slows the model down.
 *   <li>Cancelling the future of {@code sendAsync}, interrupting {@code send}, and closing or
 *       cancelling a body cancel the backend's call.
 *   <li>{@code HttpRequest.timeout} limits the time until the response starts. For an answer that
 *       is not streamed, this is the whole generation.
 *   <li>Request and response bodies are read, and futures are completed, on the client's executor.
 *       Code that blocks for more of the response may run there only if the executor has another
 *       thread.
 *   <li>Since JDK 21, {@code close}, {@code shutdown} and {@code shutdownNow} end the client.
 *       Calling them is not required: idle threads end after ten seconds.
 * </ul>
 *
 * <p>A failure of the model server becomes a response with OpenAI's error object. A stream that
 * fails later ends with an {@code error} event; if the service sets {@code abortFailedStreams}, its
 * body also fails with an {@link java.io.IOException}. A request body larger than 256 MiB is
 * answered with status 413.
 */
public final class InProcessHttpClient {
  private InProcessHttpClient() {}

  /** Returns a client with the default settings. */
  @SuppressWarnings("exports") // only applications that use this package require java.net.http
  public static HttpClient newHttpClient(OpenAiHandler handler) {
    return newBuilder(handler).build();
  }

  /**
   * Returns a builder of clients. Its executor (default: a daemon thread for each running task)
   * must not run tasks on the thread that submits them.
   */
  @SuppressWarnings("exports")
  public static HttpClient.Builder newBuilder(OpenAiHandler handler) {
    return new HandlerClientBuilder(Objects.requireNonNull(handler, "handler"));
  }
}
