package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.CreateModerationResponse;
import io.github.openaikserve.openai.ModerationCategory;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Moderations over a classifier that finds the classes {@code violence}, S and OK. */
final class ModerationsHandlerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void labelsThatAreCategoriesAreScored() throws IOException {
    ApiResponse response = post(classifier(0.75f, 0.2f, 0.05f), model -> {}, "{'input':'text'}");

    assertThat(response.status()).isEqualTo(200);
    JsonNode json = json(response);
    assertThat(json.at("/id").asText()).startsWith("modr-");
    assertThat(json.at("/model").asText()).isEqualTo("m");
    JsonNode result = json.at("/results/0");
    assertThat(result.get("flagged").asBoolean()).isTrue();
    assertThat(result.get("categories")).hasSize(ModerationCategory.values().length);
    assertThat(result.at("/categories/violence").asBoolean()).isTrue();
    assertThat(result.at("/categories/sexual").asBoolean()).isFalse();
    assertThat(result.at("/category_scores/violence").asDouble()).isEqualTo(0.75);
    assertThat(result.at("/category_scores/sexual").asDouble()).isZero();
    assertThat(result.at("/category_scores/self-harm~1intent").isNumber()).isTrue();
    assertThat(result.at("/category_applied_input_types/violence")).hasToString("[\"text\"]");
    assertThat(result.at("/category_applied_input_types/sexual")).isEmpty();
  }

  @Test
  void otherLabelsStandForTheCategoriesThatTheModelIsConfiguredWith() throws IOException {
    JsonNode json =
        json(
            post(
                classifier(0.1f, 0.4f, 0.5f),
                model ->
                    model
                        .moderationCategory("S", ModerationCategory.SEXUAL)
                        .moderationThreshold(0.4),
                "{'input':'text'}"));

    assertThat(json.at("/results/0/categories/sexual").asBoolean()).isTrue();
    assertThat(json.at("/results/0/categories/violence").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'input':'a'}                                                              | 1",
        "{'input':['a','b','']}                                                     | 3",
        "{'input':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}          | 1"
      })
  void eachTextHasAResultAndPartsAreOneText(String body, int results) throws IOException {
    assertThat(json(post(classifier(0, 0, 1), model -> {}, body)).get("results"))
        .hasSize(results)
        .allMatch(result -> !result.get("flagged").asBoolean());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                        | input         | missing_required_parameter",
        "{'input':[]}                                              | input         | empty_array",
        "{'input':1}                                               | input         | invalid_type",
        "{'input':[1]}                                             | input[0]      | invalid_type",
        "{'input':[{'type':'image_url','image_url':{'url':'x'}}]}  | input[0].type | unsupported_value"
      })
  void aWrongRequestIsRefused(String body, String param, String code) throws IOException {
    ApiResponse response = post(classifier(0, 0, 1), model -> {}, body);

    assertThat(response.status()).isEqualTo(400);
    JsonNode error = json(response).get("error");
    assertThat(error.get("param").asText()).isEqualTo(param);
    assertThat(error.get("code").asText()).isEqualTo(code);
  }

  @Test
  void aClassifierWithoutACategorySaysSo() throws IOException {
    var unnamed =
        FakeBackend.responses(
            InferResponse.of(Tensor.of("scores", new long[] {1, 3}, new float[3])));

    ApiResponse response = post(unnamed, model -> model.labels("A", "B", "C"), "{'input':'text'}");

    assertThat(response.status()).isEqualTo(400);
    assertThat(json(response).at("/error/message").asText())
        .isEqualTo(
            "The model 'm' does not support the moderations API: none of its 3 labels is a"
                + " moderation category.");
  }

  @Test
  void javaCallersReadTheSame() {
    CreateModerationResponse answer =
        openai(classifier(0.75f, 0.2f, 0.05f), model -> {})
            .moderations()
            .create(r -> r.input("one"));

    assertThat(answer.results()).hasSize(1);
    assertThat(answer.results().get(0).flagged()).isTrue();
    assertThat(answer.results().get(0).score(ModerationCategory.VIOLENCE)).isEqualTo(0.75);
    assertThat(answer.results().get(0).score(ModerationCategory.HATE)).isZero();
  }

  @Test
  void aThresholdIsAProbability() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> openai(classifier(0, 0, 1), model -> model.moderationThreshold(Double.NaN)));
  }

  private static FakeBackend classifier(float... scores) {
    return FakeBackend.answering(
        call -> {
          int texts = call.request().inputs().get(0).size();
          float[] rows = new float[texts * scores.length];
          for (int i = 0; i < rows.length; i++) {
            rows[i] = scores[i % scores.length];
          }
          return ScriptedResponse.of(
              List.of(
                  InferResponse.of(
                      Tensor.of("scores", new long[] {texts, scores.length}, rows),
                      Tensor.text("labels", "Violence", "S", "OK"))));
        });
  }

  private static OpenAiKServe openai(FakeBackend backend, Consumer<ModelBuilder> more) {
    return OpenAiKServe.builder(backend)
        .model(
            "m",
            model -> {
              model.dialect(Dialects.CLASSIFICATION);
              more.accept(model);
            })
        .build();
  }

  private static ApiResponse post(FakeBackend backend, Consumer<ModelBuilder> more, String body) {
    return openai(backend, more)
        .httpHandler()
        .handle(
            new ApiRequest(
                "POST",
                "/v1/moderations",
                Map.of(),
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)))
        .join();
  }

  private static JsonNode json(ApiResponse response) throws IOException {
    return JSON.readTree(Bodies.bytes(response));
  }
}
