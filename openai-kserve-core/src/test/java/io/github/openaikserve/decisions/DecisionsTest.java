package io.github.openaikserve.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.decisions.Decision;
import io.github.openaikserve.openai.decisions.DecisionAnswer;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions over a Triton server whose model answers with the letter B, less likely with A. */
final class DecisionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREDICATE =
      "{'type':'predicate','name':'damaged','instructions':'Is it damaged?'}";
  private static final String CHOICE =
      "{'type':'choice','instructions':'Which team?','choices':[{'value':'returns','description':"
          + "'goods that come back'},{'value':true},{'value':'true'}]}";
  private static final String SCORE =
      "{'type':'score','name':'harm','instructions':[{'type':'input_text','text':'How severe?'}],"
          + "'levels':[{'label':'low'},{'label':'middle','description':'d'},{'label':'high'}]}";

  private final FakeBackend backend =
      saying(token("B", 0.5, " B", 0.1, "A", 0.2, "C", 0.0, "?", 0.1));

  @Test
  void eachQuestionHasItsAnswerByTheLettersOfItsOptions() throws IOException {
    JsonNode json = json(post(openai(model -> {}), questions(PREDICATE, CHOICE, SCORE)));

    assertThat(json.get("model").asText()).isEqualTo("m");
    JsonNode predicate = json.at("/answers/0");
    assertThat(predicate.get("type").asText()).isEqualTo("predicate");
    assertThat(predicate.get("name").asText()).isEqualTo("damaged");
    assertThat(predicate.get("probability").asDouble()).isCloseTo(0.25, offset(1e-9));
    JsonNode choice = json.at("/answers/1");
    assertThat(choice.get("type").asText()).isEqualTo("choice");
    assertThat(choice.get("name").isNull()).isTrue();
    assertThat(choice.get("choice").isBoolean()).isTrue();
    assertThat(choice.get("confidence").asDouble()).isCloseTo(0.6, offset(1e-9));
    assertThat(choice.get("probabilities").findValues("value"))
        .extracting(JsonNode::toString)
        .containsExactly("\"returns\"", "true", "\"true\"");
    assertThat(choice.at("/probabilities/0/probability").asDouble()).isCloseTo(0.25, offset(1e-9));
    JsonNode score = json.at("/answers/2");
    assertThat(score.get("score").asDouble()).isCloseTo(0.75, offset(1e-9));
    assertThat(score.get("probabilities").findValuesAsText("label"))
        .containsExactly("low", "middle", "high");
    assertThat(score.at("/probabilities/2/value").asInt()).isEqualTo(2);
    assertThat(json.at("/usage/output_tokens").asInt()).isEqualTo(3);
    assertThat(json.at("/usage/input_tokens_details/cached_tokens").asInt()).isZero();
    assertThat(json.at("/usage/output_tokens_details/reasoning_tokens").asInt()).isZero();
  }

  @Test
  void theModelReadsTheInputAndOneQuestionAndWritesOneToken() throws IOException {
    post(openai(model -> model.defaultParameter("top_p", 0.5)), questions(CHOICE));

    InferCall call = backend.calls().get(0);
    assertThat(text(call, "text_input"))
        .isEqualTo(
            "<|im_start|>user\nThe screen is broken.\n\nWhich team?\n\n"
                + "A: returns (goods that come back)\nB: true\nC: true\n\n"
                + "Answer with the letter of one option, and nothing else.<|im_end|>\n"
                + "<|im_start|>assistant\n");
    JsonNode sampling = JSON.readTree(text(call, "sampling_parameters"));
    assertThat(sampling.get("max_tokens").asInt()).isEqualTo(1);
    assertThat(sampling.get("logprobs").asInt()).isEqualTo(20);
    assertThat(sampling.get("temperature").asDouble()).isZero();
    assertThat(sampling.has("top_p")).isFalse();
  }

  @Test
  void theInputMayBeAConversationWithCallsAndData() throws IOException {
    ApiResponse response =
        post(
            openai(model -> {}),
            "{'input':[{'role':'developer','content':'Be strict.'},{'type':'message','role':'user',"
                + "'content':[{'type':'input_text','text':'State:'},{'type':'input_json','data':"
                + "{'open':[1]}}]},{'type':'function_call','call_id':'c1','name':'f','arguments':'{}'},"
                + "{'type':'custom_tool_call','call_id':'c2','name':'g','input':'x'},"
                + "{'type':'function_call_output','call_id':'c1','output':'42'},"
                + "{'type':'custom_tool_call_output','call_id':'c2','output':[{'type':'input_text',"
                + "'text':'43'}]},{'role':'assistant','content':[{'type':'output_text','text':'Done.'},"
                + "{'type':'refusal','refusal':'No.'}]}],'questions':["
                + PREDICATE
                + "]}");

    assertThat(response.status()).as(Bodies.text(response)).isEqualTo(200);
    assertThat(text(backend.calls().get(0), "text_input"))
        .contains("Be strict.", "State:\n{\"open\":[1]}", "42", "43", "Done.", "Is it damaged?");
  }

  @Test
  void aModelThatAnswersWithoutALetterRefusesOnlyThatQuestion() throws IOException {
    FakeBackend mixed =
        FakeBackend.answering(
            call ->
                text(call, "text_input").contains("Is it damaged?")
                    ? reply(token("Sorry", 0.9))
                    : reply(token("A", 0.9)));

    JsonNode answers =
        json(post(openai(mixed, model -> {}), questions(PREDICATE, SCORE))).get("answers");

    assertThat(answers.get(0)).hasToString("{\"type\":\"refusal\",\"name\":\"damaged\"}");
    assertThat(answers.at("/1/score").asDouble()).isZero();
  }

  @Test
  void reasoningIsClosedBeforeTheLetter() throws IOException {
    OpenAiKServe openai = openai(model -> model.chatTemplate(ChatTemplates.DEEPSEEK_R1));

    post(openai, questions(PREDICATE));

    assertThat(text(backend.calls().get(0), "text_input")).endsWith("</think>\n\n");
    assertThat(text(backend.calls().get(0), "sampling_parameters")).doesNotContain("thinking");
  }

  @Test
  void theFinalChannelIsOpenedForModelsThatWriteInChannels() throws IOException {
    OpenAiKServe openai = openai(model -> model.reasoningFormat(ReasoningFormats.HARMONY));

    post(openai, questions(PREDICATE));

    assertThat(text(backend.calls().get(0), "text_input")).endsWith("<|channel|>final<|message|>");
  }

  @Test
  void aModelWithoutLogProbabilitiesSaysSo() throws IOException {
    var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

    ApiResponse response = post(openai, questions(PREDICATE));

    assertThat(response.status()).isEqualTo(400);
    JsonNode error = json(response).get("error");
    assertThat(error.get("param").asText()).isEqualTo("model");
    assertThat(error.get("message").asText())
        .startsWith(
            "The model 'm' does not support the decisions API: its server returns no log probabilities");
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void aServerThatReturnsNoLogProbabilitiesIsABadGateway() throws IOException {
    FakeBackend silent =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("text_output", "B")))));

    ApiResponse response = post(openai(silent, model -> {}), questions(PREDICATE));

    assertThat(response.status()).isEqualTo(502);
    assertThat(json(response).at("/error/message").asText()).contains("log probabilities");
  }

  @Test
  void theFirstFailureFailsAllQuestions() throws IOException {
    FakeBackend failing =
        FakeBackend.answering(
            call ->
                text(call, "text_input").contains("severe")
                    ? ScriptedResponse.of(List.of())
                        .thenFails(new BackendException(BackendCode.UNAVAILABLE, "gone"))
                    : reply(token("A", 1)).thenHangs());

    ApiResponse response = post(openai(failing, model -> {}), questions(PREDICATE, SCORE));

    assertThat(response.status()).isEqualTo(503);
    assertThat(failing.cancellations()).isEqualTo(1);
  }

  @Test
  void aCallerThatLeavesCancelsTheCalls() {
    FakeBackend hanging = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());

    CompletableFuture<Decision> decision =
        openai(hanging, model -> {})
            .decisions()
            .createAsync(r -> r.input("i").predicate("a", "q").predicate("b", "q"));
    decision.cancel(true);

    assertThat(hanging.calls()).hasSize(2);
    assertThat(hanging.cancellations()).isEqualTo(2);
  }

  @Test
  void javaCallersReadTheAnswersByTheirNames() {
    Decision decision =
        openai(model -> {})
            .decisions()
            .create(
                r ->
                    r.input("The screen is broken.")
                        .predicate("damaged", "Is it damaged?")
                        .choice("team", "Which team?", "returns", "billing")
                        .score("harm", "How severe?", "low", "high"));

    assertThat(decision.answers()).hasSize(3);
    assertThat(decision.answer("team"))
        .get()
        .isInstanceOfSatisfying(
            DecisionAnswer.Choice.class,
            answer -> assertThat(answer.choice()).isEqualTo("billing"));
    assertThat(decision.answer("other")).isEmpty();
    assertThat(decision.usage().completionTokens()).isEqualTo(3);
  }

  @Test
  void fieldsWithoutEffectAreNamed() {
    ApiResponse response =
        post(
            openai(model -> {}),
            questions(PREDICATE)
                .replaceFirst(
                    "\\{",
                    "{'stream':true,'temperature':1,'other':1,'none':null,'safety_identifier':'u',"
                        + "'prompt_cache_key':'k','prompt_cache_options':{'mode':'explicit'},"));

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().get("x-openai-kserve-dropped-params"))
        .isEqualTo("stream, temperature, other");
  }

  @Test
  void listenersSeeOneDecisionWithTheTokensOfAllQuestions() {
    List<CallInfo> seen = new ArrayList<>();
    List<CompletionUsage> used = new ArrayList<>();
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", Dialects.TRITON_VLLM)
            .listener(
                info -> {
                  seen.add(info);
                  return new CallObserver() {
                    @Override
                    public void completed(
                        long elapsedNanos,
                        @Nullable CompletionUsage usage,
                        List<FinishReason> finishReasons) {
                      if (usage != null) {
                        used.add(usage);
                      }
                    }
                  };
                })
            .build();

    openai.decisions().create(r -> r.input("i").predicate("a", "q").predicate("b", "q"));

    assertThat(seen).extracting(CallInfo::kind).containsExactly(CallKind.DECISION);
    assertThat(seen.get(0).streamed()).isFalse();
    assertThat(used).extracting(CompletionUsage::completionTokens).containsExactly(2);
  }

  @ParameterizedTest
  @EnumSource(CallKind.class)
  void whatIsGeneratedHasOutputTokens(CallKind kind) {
    boolean chat = kind.operationName().equals("chat") || kind == CallKind.COMPLETION;

    assertThat(kind.generates()).isEqualTo(chat);
  }

  @Test
  void aStrictServiceRefusesThem() throws IOException {
    var strict =
        OpenAiKServe.builder(backend)
            .strict(true)
            .model(
                "m",
                model -> model.dialect(Dialects.TRITON_VLLM).chatTemplate(ChatTemplates.CHATML))
            .build();

    assertThat(post(strict, questions(PREDICATE)).status()).isEqualTo(200);
    ApiResponse response =
        post(strict, questions(PREDICATE).replaceFirst("\\{", "{'temperature':1,"));

    assertThat(response.status()).isEqualTo(400);
    assertThat(json(response).at("/error/param").asText()).isEqualTo("temperature");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'questions':[]}                                                     | input | missing_required_parameter",
        "{'input':'i'}                                                        | questions | missing_required_parameter",
        "{'input':'i','questions':[]}                                         | questions | empty_array",
        "{'input':[],'questions':[{'type':'predicate','instructions':'q'}]}   | input | empty_array",
        "{'input':1,'questions':[]}                                           | input | invalid_type",
        "{'input':[{'role':'tool','content':'x'}],'questions':[]}             | input[0].role | invalid_value",
        "{'input':[{'type':'web_search_call'}],'questions':[]}                | input[0].type | invalid_value",
        "{'input':[{'role':'user','content':[{'type':'input_image'}]}],'questions':[]} | input[0].content[0].image_url | missing_required_parameter",
        "{'input':[{'type':'function_call_output','call_id':'x','output':'1'}],'questions':[{'type':'predicate','instructions':'q'}]} | input | ``",
        "{'input':[{'role':'user','content':[{'type':'input_image','image_url':'x'}]}],'questions':[{'type':'predicate','instructions':'q'}]} | input | unsupported_value",
        "{'input':'i','questions':[{'type':'box','instructions':'q'}]}        | questions[0].type | invalid_value",
        "{'input':'i','questions':[{'instructions':'q'}]}                     | questions[0].type | missing_required_parameter",
        "{'input':'i','questions':[{'type':'predicate'}]}                     | questions[0].instructions | missing_required_parameter",
        "{'input':'i','questions':[{'type':'choice','instructions':'q'}]}     | questions[0].choices | missing_required_parameter",
        "{'input':'i','questions':[{'type':'choice','instructions':'q','choices':[{'value':'a'}]}]} | questions[0].choices | array_below_min_length",
        "{'input':'i','questions':[{'type':'choice','instructions':'q','choices':[{'value':'a'},{'value':'a'}]}]} | questions[0].choices | invalid_value",
        "{'input':'i','questions':[{'type':'choice','instructions':'q','choices':[{'value':'a'},{'value':1}]}]} | questions[0].choices[1].value | invalid_type",
        "{'input':'i','questions':[{'type':'score','instructions':'q','levels':[{'label':'a'},{}]}]} | questions[0].levels[1].label | missing_required_parameter",
      })
  void aWrongRequestIsRefused(String body, String param, String code) throws IOException {
    ApiResponse response = post(openaiOfText(), body);

    assertThat(response.status()).isEqualTo(400);
    JsonNode error = json(response).get("error");
    assertThat(error.get("param").asText()).as(error.toString()).isEqualTo(param);
    assertThat(error.get("code").asText("")).isEqualTo(code.equals("``") ? "" : code);
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void imagesReachAModelThatTakesThem() {
    var template =
        ChatTemplates.fromJinja(
            "{% for m in messages %}{% for p in m.content %}"
                + "{{ '<image>' if p.type == 'image' else p.text }}{% endfor %}{% endfor %}");
    ApiResponse response =
        post(
            openai(model -> model.chatTemplate(template)),
            "{'input':[{'role':'user','content':[{'type':'input_image','image_url':"
                + "'data:image/png;base64,iVBORw0KGgo=','detail':'low'}]}],'questions':["
                + PREDICATE
                + "]}");

    assertThat(response.status()).as(Bodies.text(response)).isEqualTo(200);
    assertThat(backend.calls().get(0).request().inputs())
        .anyMatch(tensor -> tensor.name().equals("image"));
  }

  @ParameterizedTest
  @ValueSource(ints = {21, 256})
  void moreOptionsThanLikeliestTokensAreRefused(int options) throws IOException {
    String values = "{'value':'v%d'}";
    StringBuilder choices = new StringBuilder(values.formatted(0));
    for (int i = 1; i < options; i++) {
      choices.append(',').append(values.formatted(i));
    }

    JsonNode json =
        json(
            post(
                openai(model -> {}),
                questions("{'type':'choice','instructions':'q','choices':[" + choices + "]}")));

    assertThat(json.at("/error/param").asText()).isEqualTo("questions[0].choices");
    assertThat(json.at("/error/code").asText()).isEqualTo("array_above_max_length");
  }

  @Test
  void theNumberOfQuestionsIsLimited() {
    OpenAiKServe few =
        OpenAiKServe.builder(backend)
            .requestLimits(RequestLimits.builder().prompts(2).build())
            .model("m", Dialects.TRITON_VLLM)
            .build();

    assertThatThrownBy(
            () ->
                few.decisions()
                    .create(
                        r ->
                            r.input("i")
                                .predicate("a", "q")
                                .predicate("b", "q")
                                .predicate("c", "q")))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.param()).isEqualTo("questions"));
  }

  @Test
  void theCharactersOfAllPromptsAreLimited() {
    String input = "x".repeat(1 << 20);

    assertThatThrownBy(
            () ->
                openai(model -> {})
                    .decisions()
                    .create(
                        r -> {
                          r.input(input);
                          for (int i = 0; i < 20; i++) {
                            r.predicate(null, "q");
                          }
                        }))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Send fewer questions");
    assertThat(backend.calls()).isEmpty();
  }

  private static String questions(String... questions) {
    return "{'input':'The screen is broken.','questions':[" + String.join(",", questions) + "]}";
  }

  private OpenAiKServe openai(Consumer<ModelBuilder> more) {
    return openai(backend, more);
  }

  private static OpenAiKServe openai(FakeBackend backend, Consumer<ModelBuilder> more) {
    return OpenAiKServe.builder(backend)
        .model(
            "m",
            model -> {
              model.dialect(Dialects.TRITON_VLLM).chatTemplate(ChatTemplates.CHATML);
              more.accept(model);
            })
        .build();
  }

  /** Returns a service over a model whose tensors take no images. */
  private OpenAiKServe openaiOfText() {
    return openai(
        model ->
            model.dialect(
                Dialect.builder("text")
                    .input("prompt", Datatype.BYTES, RequestField.PROMPT)
                    .input("logprobs", Datatype.BOOL, RequestField.LOGPROBS)
                    .output("text", ResponseField.TEXT)
                    .output("logprobs", ResponseField.LOGPROBS)
                    .build()));
  }

  private static FakeBackend saying(String logprobs) {
    return FakeBackend.answering(call -> reply(logprobs));
  }

  private static ScriptedResponse reply(String logprobs) {
    return ScriptedResponse.of(
        List.of(
            InferResponse.of(
                Tensor.text("text_output", "B"),
                Tensor.text("finish_reason", "length"),
                Tensor.text("logprobs", logprobs))));
  }

  /** Returns the first token's log probabilities as vLLM's backend writes them. */
  private static String token(Object... tokens) {
    var json = new StringBuilder("[{");
    for (int i = 0; i < tokens.length; i += 2) {
      json.append(i == 0 ? "" : ",")
          .append(
              "\"%d\":{\"logprob\":%s,\"rank\":%d,\"decoded_token\":\"%s\"}"
                  .formatted(
                      i, Math.log(((Number) tokens[i + 1]).doubleValue()), i / 2 + 1, tokens[i]));
    }
    return json.append("}]").toString();
  }

  private static String text(InferCall call, String tensor) {
    return call.request().inputs().stream()
        .filter(input -> input.name().equals(tensor))
        .findFirst()
        .map(input -> input.texts().get(0))
        .orElseThrow();
  }

  private static ApiResponse post(OpenAiKServe openai, String body) {
    return openai
        .httpHandler()
        .handle(Requests.post("/v1/decisions", body.replace('\'', '"')))
        .join();
  }

  private static JsonNode json(ApiResponse response) throws IOException {
    return JSON.readTree(Bodies.bytes(response));
  }
}
