package io.github.openaikserve.openaijava;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import io.github.openaikserve.http.OpenAiHandler;

/** What the README shows about options. */
final class OptionsExample {
  private OptionsExample() {}

  static OpenAIClient client(OpenAiHandler handler) {
    OpenAIClient client =
        new OpenAIClientImpl(
            ClientOptions.builder()
                .httpClient(InProcessOpenAi.httpClient(handler))
                .baseUrl("http://in-process/v1")
                .apiKey("none")
                .maxRetries(0)
                .build());
    return client;
  }
}
