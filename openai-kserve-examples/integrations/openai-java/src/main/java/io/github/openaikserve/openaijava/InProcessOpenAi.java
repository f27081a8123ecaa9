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
 * Makers of clients of OpenAI's Java SDK that pass each request to an {@link OpenAiHandler} in this
 * process. No socket is opened. Serves openai-java from 4.49 on.
 *
 * <p>{@link #client} is ready to use. An application that sets other options passes {@link
 * #httpClient} to {@code ClientOptions}, with any base URL that ends with {@code /v1}, any API key,
 * and {@code maxRetries(0)}: the SDK would otherwise make a failed call again, twice by default,
 * after the library has retried what can be retried.
 *
 * <p>Streams are pulled as they are read; closing one cancels the backend's call, and so does
 * ending the future of {@code HttpClient.executeAsync}. The timeouts of the SDK reach the service
 * as the headers {@code x-stainless-timeout} and {@code x-stainless-read-timeout}, as they do over
 * a network; the service answers 504 when they have passed.
 */
public final class InProcessOpenAi {
  private InProcessOpenAi() {}

  /**
   * Returns a client of the SDK that does not retry. Closing it does not close the service of the
   * handler.
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

  /** Returns an HTTP client whose futures are completed on the JDK's common pool. */
  public static HttpClient httpClient(OpenAiHandler handler) {
    return httpClient(handler, ForkJoinPool.commonPool());
  }

  /**
   * Returns an HTTP client.
   *
   * @param executor completes the futures of asynchronous calls; what the application attaches to
   *     them may block there
   */
  public static HttpClient httpClient(OpenAiHandler handler, Executor executor) {
    return new HandlerHttpClient(
        Objects.requireNonNull(handler, "handler"), Objects.requireNonNull(executor, "executor"));
  }
}
