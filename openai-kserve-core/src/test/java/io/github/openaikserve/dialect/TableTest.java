package io.github.openaikserve.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.testing.FakeBackend;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a dialect's table can say. */
final class TableTest {
  @Test
  void aDialectOfBareStreamsNeverAsksInTheOtherShapeHoweverItIsWritten() {
    List<UnaryOperator<DialectBuilder>> uses =
        List.of(
            t -> t,
            DialectBuilder::decoupled,
            DialectBuilder::unary,
            DialectBuilder::aggregateFromStream);
    for (UnaryOperator<DialectBuilder> use : uses) {
      for (boolean stream : List.of(true, false)) {
        Dialect bare = use.apply(plain().unwrappedStreams()).build();
        Generation generation =
            new Generation("m", null, Map.of(RequestField.PROMPT, "Hi")).withStream(stream);
        var told =
            new ModelDescription(
                "m",
                Optional.of(new ServerMetadata("mlserver", "1.7.1", List.of())),
                Optional.empty(),
                Optional.empty());

        assertThat(bare.encode(generation).rpc()).isNotEqualTo(Rpc.MODEL_STREAM_INFER);
        assertThat(bare.adaptTo(told).encode(generation).rpc())
            .isEqualTo(bare.encode(generation).rpc());
      }
    }
  }

  @Test
  void aRequiredTensorWhoseRowIsLeftOutAtTimesIsNamedWithItsRemedy() {
    var model =
        new ModelDescription(
            "m",
            Optional.empty(),
            Optional.of(
                new ModelMetadata(
                    "m",
                    List.of(),
                    "dynamo",
                    List.of(
                        new TensorMetadata("prompt", "BYTES", List.of(1L)),
                        new TensorMetadata("max_tokens", "INT32", List.of(1L)),
                        new TensorMetadata("style", "BYTES", List.of(1L))),
                    List.of(new TensorMetadata("text", "BYTES", List.of(1L))))),
            Optional.of(
                new ModelConfig(
                    "m",
                    "dynamo",
                    "dynamo",
                    0,
                    false,
                    Map.of(),
                    List.of("prompt", "max_tokens", "style"))));

    assertThat(ModelDetector.detect(model).explanation())
        .contains("'max_tokens' is required by the model and not sent with every request; set")
        .contains("when_absent")
        .contains("'style' is required by the model and not sent with every request. Found:");
    assertThat(
            Dialects.generic("prompt", "text")
                .input("max_tokens", Datatype.INT32, RequestField.MAX_TOKENS, 64)
                .constant(Tensor.text("style", "terse"))
                .build()
                .mismatches(model))
        .isEmpty();
  }

  @Test
  void undeclaredInputsAreSentOnlyIfTheDialectAcceptsThem() {
    var told =
        new ModelDescription(
            "m",
            Optional.empty(),
            Optional.of(
                new ModelMetadata(
                    "m",
                    List.of(),
                    "",
                    List.of(new TensorMetadata("prompt", "BYTES", List.of(1L))),
                    List.of())),
            Optional.empty());
    DialectBuilder table =
        plain()
            .input("limit", Datatype.INT32, RequestField.MAX_TOKENS)
            .constant(Tensor.booleans("raw", true));

    Dialect strict = table.build().adaptTo(told);
    Dialect lenient = table.acceptsUndeclaredInputs().build();

    assertThat(strict.carries(RequestField.MAX_TOKENS)).isFalse();
    assertThat(lenient.adaptTo(told).carries(RequestField.MAX_TOKENS)).isTrue();
    assertThat(lenient.mismatches(told)).isEmpty();
    assertThat(
            lenient
                .adaptTo(told)
                .encode(new Generation("m", null, Map.of(RequestField.PROMPT, "Hi")))
                .request()
                .inputs())
        .extracting(Tensor::name)
        .containsExactly("prompt", "raw");
  }

  @Test
  void cumulativeTextIsEmittedOnce() {
    Dialect dialect = plain().cumulativeText().build();

    assertThat(text(dialect, "Hel", "Hello", "Hello", "Hello there")).isEqualTo("Hello there");
  }

  @Test
  void anIncompleteCharacterWaitsForItsRemainingBytes() {
    Dialect dialect = plain().cumulativeText().build();

    assertThat(text(dialect, "a\uFFFD", "a\uFFFD\uFFFD", "aé", "aé!")).isEqualTo("aé!");
    assertThat(text(dialect, "a\uFFFD")).isEqualTo("a\uFFFD");
  }

  @Test
  void emittedTextIsNeverRetracted() {
    Dialect dialect = plain().cumulativeText().build();

    assertThat(text(dialect, "abc", "ab", "abXde")).isEqualTo("abcde");
  }

  @Test
  void cumulativeTokensAreNotAddedUp() {
    Dialect dialect =
        plain().output("count", ResponseField.COMPLETION_TOKENS).cumulativeTokens().build();

    Completion answer =
        complete(
            dialect,
            InferResponse.of(Tensor.text("text", "a"), Tensor.ints("count", 1)),
            InferResponse.of(Tensor.text("text", "b"), Tensor.ints("count", 3)));

    assertThat(answer.usage()).isEqualTo(new CompletionUsage(1, 3, true));
  }

  @Test
  void onlyAMarkedResponseMayBeEmpty() {
    Dialect dialect = plain().finalParameter("last").build();
    var marked = new InferResponse("", "", "", Map.of("last", InferParameter.of(true)), List.of());
    var unmarked =
        new InferResponse("", "", "", Map.of("last", InferParameter.of(false)), List.of());

    assertThat(dialect.decode(marked).text().hasRemaining()).isFalse();
    assertThatExceptionOfType(DialectException.class).isThrownBy(() -> dialect.decode(unmarked));
  }

  @Test
  void theLastOfSeveralKeysThatHasAValueCounts() {
    Dialect dialect =
        Dialect.builder("json")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .inputJson(
                "options",
                json ->
                    json.field(RequestField.MAX_TOKENS, 99)
                        .field("k", RequestField.TOP_K)
                        .field("k", RequestField.SEED)
                        .field("gone", RequestField.TOP_P, value -> null))
            .output("text", ResponseField.TEXT)
            .build();

    assertThat(json(dialect, Map.of())).isEqualTo("{\"max_tokens\":99}");
    assertThat(json(dialect, Map.of(RequestField.TOP_K, 1, RequestField.TOP_P, 0.5)))
        .isEqualTo("{\"max_tokens\":99,\"k\":1}");
    assertThat(json(dialect, Map.of(RequestField.TOP_K, 1, RequestField.SEED, 2L)))
        .isEqualTo("{\"max_tokens\":99,\"k\":2}");
    assertThat(dialect.carries(RequestField.TOP_P)).isTrue();
    assertThat(dialect.carries(RequestField.MIN_P)).isFalse();
  }

  @Test
  void picturesGoToVllmAsTheBase64OfTheirUrls() {
    var fields =
        Map.<RequestField, Object>of(
            RequestField.PROMPT, "p", RequestField.IMAGES, List.of("data:image/png;base64,AAAA"));

    assertThat(encode(Dialects.TRITON_VLLM, fields).input("image"))
        .contains(Tensor.text("image", "AAAA"));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(
            () ->
                encode(
                    Dialects.TRITON_VLLM,
                    Map.of(
                        RequestField.PROMPT,
                        "p",
                        RequestField.IMAGES,
                        List.of("https://example.com/cat.png"))));
  }

  @Test
  void invalidLogProbabilitiesViolateTheDialect() {
    for (String wrong : List.of("x", "{}", "[7]", "[{}]", "[{\"1\":{\"logprob\":\"x\"}}]")) {
      var response =
          InferResponse.of(Tensor.text("text_output", "a"), Tensor.text("logprobs", wrong));

      assertThatExceptionOfType(DialectException.class)
          .isThrownBy(() -> Dialects.TRITON_VLLM.decode(response))
          .withMessageContaining("'logprobs'");
    }
    var none = InferResponse.of(Tensor.text("text_output", "a"), Tensor.text("logprobs", "null"));
    assertThat(Dialects.TRITON_VLLM.decode(none).logprobs()).isNull();
  }

  static Stream<Arguments> wrongTypes() {
    return Stream.of(
        Arguments.of(Datatype.BOOL, RequestField.TEMPERATURE),
        Arguments.of(Datatype.INT32, RequestField.TEMPERATURE),
        Arguments.of(Datatype.INT64, RequestField.TOP_P),
        Arguments.of(Datatype.BOOL, RequestField.MAX_TOKENS),
        Arguments.of(Datatype.BOOL, RequestField.SEED),
        Arguments.of(Datatype.INT32, RequestField.STREAM),
        Arguments.of(Datatype.FP32, RequestField.LOGPROBS),
        Arguments.of(Datatype.INT32, RequestField.PROMPT),
        Arguments.of(Datatype.BOOL, RequestField.STOP),
        Arguments.of(Datatype.INT64, RequestField.RESPONSE_FORMAT),
        Arguments.of(Datatype.BYTES, RequestField.PROMPT_TOKEN_IDS),
        Arguments.of(Datatype.FP16, RequestField.TEMPERATURE),
        Arguments.of(Datatype.BF16, RequestField.MAX_TOKENS));
  }

  @ParameterizedTest
  @MethodSource("wrongTypes")
  void aTensorThatCannotHoldItsFieldIsRefusedWhenTheTableIsWritten(
      Datatype datatype, RequestField field) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plain().input("x", datatype, field))
        .withMessageContaining("'x'")
        .withMessageContaining(field.name())
        .withMessageContaining(datatype.name());
  }

  @Test
  void aValueForAbsentFieldsThatItsTensorCannotHoldIsRefusedWhenTheTableIsWritten() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plain().input("x", Datatype.BOOL, RequestField.STREAM, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plain().input("x", Datatype.INT32, RequestField.MAX_TOKENS, "many"));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> plain().input("x", Datatype.INT32, RequestField.MAX_TOKENS, 5_000_000_000L));
  }

  @Test
  void conditionalRowsApplyOnlyWhenTheirConditionHolds() {
    DialectBuilder table =
        plain()
            .whenDeclared("newer", t -> t.input("newer", Datatype.INT32, RequestField.SEED))
            .when(
                Condition.declared("newer").not(),
                t -> t.input("older", Datatype.INT32, RequestField.SEED).cumulativeText())
            .inputJson(
                "options",
                json -> json.whenDeclared("newer", keys -> keys.fields(RequestField.TOP_K)))
            .when(Condition.tritonSince(2, 50), t -> t.metadata("since", "50"));
    var fields = Map.<RequestField, Object>of(RequestField.PROMPT, "p", RequestField.SEED, 7L);
    Dialect newest = table.build();
    Dialect older = newest.adaptTo(declaring("2.49.0", "prompt", "older", "options"));
    Dialect fittedAgain = older.adaptTo(declaring("2.50.0", "prompt", "newer", "options"));

    assertThat(encode(newest, fields).input("newer")).isPresent();
    assertThat(encode(older, fields).inputs())
        .extracting(Tensor::name)
        .containsExactly("prompt", "older", "options");
    assertThat(older.carries(RequestField.TOP_K)).isFalse();
    assertThat(older.cumulativeText()).isTrue();
    assertThat(newest.cumulativeText()).isFalse();
    assertThat(fittedAgain.carries(RequestField.TOP_K)).isTrue();
    var generation = new Generation("m", null, fields);
    assertThat(older.encode(generation).metadata()).doesNotContainKey("since");
    assertThat(fittedAgain.encode(generation).metadata()).containsEntry("since", "50");
  }

  @Test
  void aDialectDoesNotChangeWithTheBuilderThatWroteIt() {
    DialectBuilder table = plain();
    Dialect first = table.build();
    Dialect second = table.input("seed", Datatype.INT64, RequestField.SEED).unary().build();

    assertThat(first.carries(RequestField.SEED)).isFalse();
    assertThat(second.carries(RequestField.SEED)).isTrue();
    assertThat(first.encode(new Generation("m", null, Map.of(RequestField.PROMPT, "p"))).rpc())
        .isEqualTo(Rpc.MODEL_INFER);
  }

  @Test
  void aPriorityGoesToTritonsScheduler() {
    var urgent = Map.<RequestField, Object>of(RequestField.PROMPT, "p", RequestField.PRIORITY, 1);
    var negative =
        Map.<RequestField, Object>of(RequestField.PROMPT, "p", RequestField.PRIORITY, -1);

    for (Dialect dialect :
        List.of(Dialects.TRITON_VLLM, Dialects.TENSORRT_LLM, Dialects.TENSORRT_LLM_API)) {
      assertThat(encode(dialect, urgent).parameters())
          .containsEntry("priority", new InferParameter.Uint64(1));
      assertThatExceptionOfType(InvalidRequestException.class)
          .isThrownBy(() -> encode(dialect, negative))
          .withMessageContaining("'priority'");
    }
  }

  private static ModelDescription declaring(String version, String... inputs) {
    List<TensorMetadata> tensors =
        Stream.of(inputs).map(name -> new TensorMetadata(name, "", List.of(1L))).toList();
    return new ModelDescription(
        "m",
        Optional.of(new ServerMetadata("triton", version, List.of())),
        Optional.of(new ModelMetadata("m", List.of(), "", tensors, List.of())),
        Optional.empty());
  }

  private static DialectBuilder plain() {
    return Dialect.builder("plain")
        .input("prompt", Datatype.BYTES, RequestField.PROMPT)
        .output("text", ResponseField.TEXT);
  }

  private static String text(Dialect dialect, String... texts) {
    InferResponse[] responses = new InferResponse[texts.length];
    for (int i = 0; i < texts.length; i++) {
      responses[i] = InferResponse.of(Tensor.text("text", texts[i]));
    }
    return complete(dialect, responses).text();
  }

  private static Completion complete(Dialect dialect, InferResponse... responses) {
    return OpenAiKServe.builder(FakeBackend.responses(responses))
        .model("m", dialect)
        .build()
        .completions()
        .create(r -> r.prompt("p"));
  }

  private static String json(Dialect dialect, Map<RequestField, Object> fields) {
    Map<RequestField, Object> all = new HashMap<>(fields);
    all.put(RequestField.PROMPT, "p");
    return encode(dialect, all).input("options").orElseThrow().texts().get(0);
  }

  private static InferRequest encode(Dialect dialect, Map<RequestField, Object> fields) {
    return dialect.encode(new Generation("m", null, fields)).request();
  }
}
