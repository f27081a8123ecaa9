package io.github.openaikserve.server.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.decisions.Decision;
import com.openai.models.decisions.DecisionChoiceOption;
import com.openai.models.decisions.DecisionCreateParams;
import com.openai.models.decisions.DecisionCreateParams.Question;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import io.github.openaikserve.testing.FakeBackend;
import org.junit.jupiter.api.Test;

/** OpenAI's own SDK asks for decisions, and finds its own types in the answers. */
final class DecisionsSdkTest {
  private static final FakeBackend LETTERS =
      FakeBackend.responses(
          InferResponse.of(
              Tensor.text("text_output", "B"),
              Tensor.text(
                  "logprobs",
                  "[{\"1\":{\"logprob\":-0.25,\"rank\":1,\"decoded_token\":\"B\"},"
                      + "\"2\":{\"logprob\":-2,\"rank\":2,\"decoded_token\":\"A\"}}]")));

  @Test
  void theSdkReadsEveryKindOfAnswer() throws Exception {
    OpenAiKServe openai =
        OpenAiKServe.builder(LETTERS)
            .model("letters", Dialects.TRITON_VLLM)
            .model("plain", Dialects.ANYSERVE)
            .build();
    try (ReferenceServer server =
        ReferenceServer.start(openai.httpHandler(), ServerOptions.defaults())) {
      OpenAIClient client =
          OpenAIOkHttpClient.builder()
              .baseUrl("http://127.0.0.1:" + server.port() + "/v1")
              .apiKey("any")
              .maxRetries(0)
              .build();
      Decision decision = client.decisions().create(params("letters"));

      decision.validate();
      assertThat(decision.model()).isEqualTo("letters");
      assertThat(decision.answers()).hasSize(3);
      assertThat(decision.answers().get(0).asPredicate().probability()).isBetween(0.1, 0.2);
      assertThat(decision.answers().get(0).asPredicate().name()).contains("damaged");
      assertThat(decision.answers().get(1).asChoice().choice().asBool()).isTrue();
      assertThat(decision.answers().get(2).asScore().score()).isBetween(0.8, 0.9);
      assertThat(decision.usage().outputTokens()).isEqualTo(3);
      assertThatExceptionOfType(BadRequestException.class)
          .isThrownBy(() -> client.decisions().create(params("plain")))
          .withMessageContaining("does not support the decisions API");
      client.close();
    }
  }

  private static DecisionCreateParams params(String model) {
    return DecisionCreateParams.builder()
        .model(model)
        .input("The screen is broken.")
        .addQuestion(
            Question.Predicate.builder().name("damaged").instructions("Is it damaged?").build())
        .addQuestion(
            Question.Choice.builder()
                .instructions("Which team?")
                .addChoice(DecisionChoiceOption.builder().value("returns").build())
                .addChoice(DecisionChoiceOption.builder().value(true).build())
                .build())
        .addQuestion(
            Question.Score.builder()
                .instructions("How severe?")
                .addLevel(Question.Score.Level.builder().label("low").build())
                .addLevel(Question.Score.Level.builder().label("high").build())
                .build())
        .build();
  }
}
