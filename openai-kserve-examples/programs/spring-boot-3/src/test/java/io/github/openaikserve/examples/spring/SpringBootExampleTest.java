package io.github.openaikserve.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.testserver.KServeTestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;

/** The application answers through its own endpoint and through OpenAI's API. */
final class SpringBootExampleTest {
  @Test
  void aControllerAndOpenAisApiAnswer() throws Exception {
    try (var server = KServeTestServer.start();
        var context =
            SpringApplication.run(
                SpringBootExample.class,
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--openai-kserve.backends.anyserve.target=" + server.target())) {
      String url = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");

      assertThat(get(url + "/ask?question=Hi")).isEqualTo("Hello");
      assertThat(get(url + "/v1/models")).contains("\"id\":\"llamacpp\"");
    }
  }

  private static String get(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
