package io.github.openaikserve.httpclient;

import io.github.openaikserve.http.OpenAiHandler;
import java.net.http.HttpClient;
import java.util.Objects;

/**
 * Makers of {@link HttpClient}s that pass each request to an {@link OpenAiHandler} in this process.
 * No socket is opened.
 *
 * <p>Scheme, host and port of a URI are ignored; the path is the handler's, such as {@code
 * http://in-process/v1/models}. Redirects, cookies, proxies, authenticators, TLS and the connect
 * timeout have no effect. Everything else is as the JDK's client has it:
 *
 * <ul>
 *   <li>Any {@code BodyHandler} reads the response. A body that is a stream or a publisher is
 *       pulled as it is read, so the model generates no faster than its reader reads.
 *   <li>Cancelling the future of {@code sendAsync}, interrupting {@code send}, and closing or
 *       cancelling a body cancel the backend's call.
 *   <li>{@code HttpRequest.timeout} limits the time to the beginning of the response: the whole
 *       generation if the answer is not streamed.
 *   <li>Request and response bodies are read, and futures completed, on the executor of the client:
 *       code that waits for more of the response may run there if the executor has another thread.
 *   <li>From JDK 21 on, {@code close}, {@code shutdown} and {@code shutdownNow} end the client.
 *       Without them it holds no resources: idle threads end after ten seconds.
 * </ul>
 *
 * <p>A failure of the model server is a response with OpenAI's error; a stream that fails later
 * ends with an {@code error} event, unless the service sets {@code abortFailedStreams}: its body
 * then fails with an {@link java.io.IOException}. A request body of more than 256 MiB is a 413.
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
