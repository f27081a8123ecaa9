package io.github.openaikserve.openaijava;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.http.HttpClient;
import io.github.openaikserve.http.OpenAiHandler;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * A factory for clients of OpenAI's Java SDK that pass requests to an {@link OpenAiHandler} in this
 * process, without a socket. Supports openai-java 4.49 and later.
 *
 * <p>{@link #client} is ready to use. For other options, pass {@link #httpClient} to {@code
 * ClientOptions}, with any base URL that ends with {@code /v1}, any API key, and {@code
 * maxRetries(0)}: the SDK would otherwise retry failed calls, twice by default, in addition to the
 * library's own retries.
 *
 * <p>Streams are pulled as they are read. Closing a stream cancels the backend's call, and so does
 * cancelling the future of {@code HttpClient.executeAsync}. The timeouts of the SDK reach the
 * service as the headers {@code x-stainless-timeout} and {@code x-stainless-read-timeout}, as they
 * do over a network; the service answers 504 when they have passed.
 */
public final class InProcessOpenAi {
  private InProcessOpenAi() {}

  /**
   * Returns a client of the SDK without retries. Closing the client does not close the handler's
   * service.
   */
  public static OpenAIClient client(OpenAiHandler handler) {
    return new OpenAIClientImpl(
        ClientOptions.builder()
            .httpClient(httpClient(handler))
            .baseUrl("http://in-process/v1")
            .apiKey("none")
            .maxRetries(0)
            .build());
  }

  /** Returns an HTTP client whose futures complete on the JDK's common pool. */
  public static HttpClient httpClient(OpenAiHandler handler) {
    return httpClient(handler, ForkJoinPool.commonPool());
  }

  /**
   * Returns an HTTP client.
   *
   * @param executor completes the futures of asynchronous calls; dependent stages of the
   *     application may block on it
   */
  public static HttpClient httpClient(OpenAiHandler handler, Executor executor) {
    return new HandlerHttpClient(
        Objects.requireNonNull(handler, "handler"), Objects.requireNonNull(executor, "executor"));
  }
}
