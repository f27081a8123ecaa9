package io.github.openaikserve.spring;

import io.github.openaikserve.testing.ScriptedResponse;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;

/** An application of WebFlux, over Netty. */
final class WebFluxApplicationTest extends RunningApplicationContract {
  WebFluxApplicationTest() {
    super(WebApplicationType.REACTIVE);
  }

  @Test
  void aClientThatDisconnectsBeforeItsAnswerCancelsTheCall() {
    application.model.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    var answer =
        HttpClient.newHttpClient()
            .sendAsync(
                application
                    .request(PATH)
                    .POST(HttpRequest.BodyPublishers.ofString(QUESTION))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    await(() -> application.model.calls().size() == 1);

    answer.cancel(true);

    await(() -> application.model.cancellations() == 1);
  }
}
