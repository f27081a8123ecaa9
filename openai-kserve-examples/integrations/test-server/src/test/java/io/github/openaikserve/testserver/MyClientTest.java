package io.github.openaikserve.testserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

// The test of the README.
@ExtendWith(OpenAiKServeExtension.class)
class MyClientTest {
  @Test
  void aBusyModelIs429(KServeTestServer model, OpenAiTestServer server) throws Exception {
    model.failing(BackendCode.RESOURCE_EXHAUSTED, "busy");

    var request =
        HttpRequest.newBuilder(URI.create(server.baseUrl() + "/chat/completions"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
            .build();
    var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(model.calls()).hasSize(1);
  }
}
