package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.Conversation;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.servers.VllmRelease;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of vLLM, llama.cpp and SGLang: carried, done here, refused or named, never lost. */
final class OtherServersFieldsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HI = "'messages':[{'role':'user','content':'Hi'}]";
  private static final String BEGUN =
      "'messages':[{'role':'user','content':'Hi'},{'role':'assistant','content':'Once upon '}]";

  private final FakeBackend backend =
      FakeBackend.answering(call -> ScriptedResponse.texts("text_output", "x"));

  private OpenAiKServe serving(Dialect dialect, Consumer<ModelBuilder> more) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> more.accept(m.dialect(dialect).chatTemplate(ChatTemplates.CHATML)))
        .build();
  }

  private OpenAiKServe vllm() {
    return serving(Dialects.TRITON_VLLM, m -> {});
  }

  private OpenAiKServe vllm(String version) {
    VllmRelease release =
        VllmRelease.ALL.stream()
            .filter(known -> known.version().equals(version))
            .findFirst()
            .orElseThrow();
    return serving(Dialects.TRITON_VLLM.adaptTo(release.description()), m -> {});
  }

  private static ApiResponse post(OpenAiKServe openai, String path, String body) {
    return openai
        .httpHandler()
        .handle(Requests.post(path, "{" + body.replace('\'', '"') + "}"))
        .join();
  }

  private static ApiResponse chat(OpenAiKServe openai, String body) {
    return post(openai, "/v1/chat/completions", HI + "," + body);
  }

  private JsonNode parameters() throws IOException {
    return JSON.readTree(
        backend.onlyRequest().input("sampling_parameters").orElseThrow().texts().get(0));
  }

  private void assertRefused(ApiResponse response, String param, String code) throws IOException {
    String answer = Bodies.text(response);
    assertThat(response.status()).as(answer).isEqualTo(400);
    assertThat(JSON.readTree(answer).at("/error/param").asText()).isEqualTo(param);
    assertThat(JSON.readTree(answer).at("/error/code").asText()).isEqualTo(code);
    assertThat(backend.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'stop_token_ids':[2,7] | 'stop_token_ids':[2,7]",
        "'top_p':0 | 'top_p':1.0E-6",
        "'top_k':0 | 'top_k':-1",
        "'top_k':-1 | 'top_k':-1",
        "'top_k':5 | 'top_k':5",
        "'include_stop_str_in_output':true | 'include_stop_str_in_output':true",
        "'no_stop_trim':true | 'include_stop_str_in_output':true",
        "'spaces_between_special_tokens':false | 'spaces_between_special_tokens':false",
        "'bad_words':['a','b'] | 'bad_words':['a','b']",
        "'allowed_token_ids':[1,2] | 'allowed_token_ids':[1,2]",
        "'lora_name':'alpha' | 'lora_name':'alpha'",
        "'vllm_xargs':{'a':1} | 'extra_args':{'a':1}",
        "'repeat_penalty':1.5 | 'repetition_penalty':1.5",
        "'n_predict':9 | 'max_tokens':9",
        "'structured_outputs':{'choice':['yes']} | 'structured_outputs':'{\\'choice\\':[\\'yes\\']}'",
        "'guided_json':{'type':'object'} |"
            + " 'structured_outputs':'{\\'json\\':{\\'type\\':\\'object\\'}}'",
        "'guided_choice':['a'] | 'structured_outputs':'{\\'choice\\':[\\'a\\']}'",
        "'guided_regex':'a+' | 'structured_outputs':'{\\'regex\\':\\'a+\\'}'",
        "'regex':'a+' | 'structured_outputs':'{\\'regex\\':\\'a+\\'}'",
        "'grammar':'root ::= x' | 'structured_outputs':'{\\'grammar\\':\\'root ::= x\\'}'",
        "'ebnf':'root ::= x' | 'structured_outputs':'{\\'grammar\\':\\'root ::= x\\'}'",
        "'json_schema':{'type':'object'} |"
            + " 'structured_outputs':'{\\'json\\':{\\'type\\':\\'object\\'}}'",
      },
      quoteCharacter = '~')
  void vllmsFieldsReachItsSamplingParameters(String field, String sent) throws IOException {
    for (String path : List.of("/v1/chat/completions", "/v1/completions")) {
      FakeBackend server =
          FakeBackend.answering(call -> ScriptedResponse.texts("text_output", "x"));
      var openai =
          OpenAiKServe.builder(server).model("m", m -> m.dialect(Dialects.TRITON_VLLM)).build();

      ApiResponse response =
          post(openai, path, (path.contains("chat") ? HI : "'prompt':'Hi'") + "," + field);

      assertThat(response.status()).isEqualTo(200);
      JsonNode expected = JSON.readTree("{" + sent.replace("\\'", "\\\"").replace('\'', '"') + "}");
      JsonNode parameters =
          JSON.readTree(
              server.onlyRequest().input("sampling_parameters").orElseThrow().texts().get(0));
      expected
          .properties()
          .forEach(key -> assertThat(parameters.get(key.getKey())).isEqualTo(key.getValue()));
    }
  }

  @Test
  void anOlderReleaseGetsItsOwnKeyAndRefusesTheOptionsThatItHasNot() throws IOException {
    chat(vllm("2.57.0"), "'guided_choice':['a']");
    assertThat(parameters().get("guided_decoding").asText()).isEqualTo("{\"choice\":[\"a\"]}");
    assertThat(parameters().has("structured_outputs")).isFalse();
  }

  @Test
  void anOptionThatAnOlderReleaseHasNotIsRefused() throws IOException {
    assertRefused(
        chat(vllm("2.57.0"), "'structured_outputs':{'regex':'a','disable_any_whitespace':true}"),
        "structured_outputs",
        "unsupported_value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.45.0", "2.53.0"})
  void aReleaseThatParsesNoConstraintRefusesThem(String version) throws IOException {
    assertRefused(
        chat(vllm(version), "'guided_json':{'type':'object'}"),
        "guided_json",
        "unsupported_parameter");
    assertRefused(
        chat(vllm(version), "'response_format':{'type':'json_object'}"),
        "response_format",
        "unsupported_parameter");
  }

  @Test
  void aReleaseWithoutLogProbabilitiesRefusesThem() throws IOException {
    assertRefused(
        chat(vllm("2.45.0"), "'logprobs':true,'top_logprobs':3"),
        "logprobs",
        "unsupported_parameter");
    assertRefused(
        post(vllm("2.39.0"), "/v1/completions", "'prompt':'Hi','logprobs':1"),
        "logprobs",
        "unsupported_parameter");
  }

  @Test
  void logProbabilitiesOfThePromptThatNoServerReturnsAreRefused() throws IOException {
    for (String limit : List.of("0", "2")) {
      assertRefused(
          post(
              vllm(),
              "/v1/completions",
              "'prompt':'One two','echo':true,'logprobs':1,'max_tokens':" + limit),
          "echo",
          "unsupported_parameter");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'min_tokens':-1 | min_tokens",
        "'min_tokens':20,'max_tokens':10 | min_tokens",
        "'min_tokens':1.5 | min_tokens",
        "'min_p':2 | min_p",
        "'min_p':-0.1 | min_p",
        "'repetition_penalty':0 | repetition_penalty",
        "'repetition_penalty':-1 | repetition_penalty",
        "'repetition_penalty':1e-50 | repetition_penalty",
        "'top_k':-5 | top_k",
        "'top_k':1.5 | top_k",
        "'stop_token_ids':[-1] | stop_token_ids[0]",
        "'allowed_token_ids':['a'] | allowed_token_ids[0]",
        "'bad_words':[''] | bad_words",
        "'modalities':['text',null] | modalities[1]",
        "'modalities':[5] | modalities[0]",
        "'logit_bias':{'foo':1} | logit_bias",
        "'logit_bias':{'-5':1} | logit_bias",
        "'logit_bias':{'1.5':1} | logit_bias",
        "'logit_bias':{'2147483648':1} | logit_bias",
        "'logit_bias':{'':1} | logit_bias",
        "'structured_outputs':{} | structured_outputs",
        "'structured_outputs':{'regex':'a','choice':['b']} | structured_outputs",
        "'structured_outputs':{'unknown':1} | structured_outputs.unknown",
        "'guided_choice':[] | guided_choice",
        "'guided_json':'{' | guided_json",
        "'guided_json':5 | guided_json",
        "'guided_regex':'a','guided_choice':['b'] | guided_choice",
        "'guided_regex':'a','response_format':{'type':'json_object'} | guided_regex",
        "'lora_name':5 | lora_name",
      },
      quoteCharacter = '~')
  void aValueThatTheServerWouldFailIsA400ThatNamesIt(String fields, String param)
      throws IOException {
    ApiResponse response = chat(vllm(), fields);
    String answer = Bodies.text(response);

    assertThat(response.status()).as(answer).isEqualTo(400);
    assertThat(JSON.readTree(answer).at("/error/param").asText()).isEqualTo(param);
    assertThat(JSON.readTree(answer).at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void aDefaultMinimumIsLoweredToTheRequestsLimit() throws IOException {
    chat(
        serving(Dialects.TRITON_VLLM, m -> m.defaultParameter("min_tokens", 20)),
        "'max_tokens':10");

    assertThat(parameters().get("min_tokens").asInt()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'structured_outputs':{'choice':['a']}",
        "'guided_json':{'type':'object'}",
        "'grammar':'root ::= x'",
        "'bad_words':['a']",
        "'allowed_token_ids':[1]",
        "'truncate_prompt_tokens':5",
        "'lora_name':'alpha'",
        "'include_stop_str_in_output':true",
        "'prompt_logprobs':1",
        "'return_token_ids':true",
        "'chat_template':'x'",
        "'n_probs':3",
        "'use_beam_search':true",
        "'custom_logit_processor':'x'",
      })
  void fieldsThatChangeTheMeaningAreRejectedWithoutATensor(String field) throws IOException {
    assertRefused(
        chat(serving(Dialects.ANYSERVE, m -> {}), field),
        field.substring(1, field.indexOf('\'', 1)),
        "unsupported_parameter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'guided_json':{'type':'object','required':['a']}",
        "'json_schema':{'type':'object','required':['a']}",
        "'structured_outputs':{'json':{'type':'object','required':['a']}}",
      })
  void aSchemaIsEmulatedWhereAResponseFormatIs(String field) throws IOException {
    var emulating = serving(Dialects.DYNAMO, m -> m.emulateResponseFormat(true));

    JsonNode error = JSON.readTree(Bodies.text(chat(emulating, field))).get("error");

    assertThat(error.get("code").asText()).isEqualTo("invalid_model_output"); // the answer is x
    assertThat(backend.calls().get(0).request().input("text_input").orElseThrow().texts().get(0))
        .contains("JSON Schema", "\"required\":[\"a\"]");
  }

  @Test
  void anotherConstraintIsNotEmulated() throws IOException {
    assertRefused(
        chat(serving(Dialects.DYNAMO, m -> m.emulateResponseFormat(true)), "'guided_regex':'a+'"),
        "guided_regex",
        "unsupported_parameter");
  }

  @Test
  void ignoredSamplingFieldsAreNamed() {
    ApiResponse response =
        chat(
            serving(Dialects.DYNAMO, m -> {}),
            "'priority':3,'typical_p':0.9,'mirostat':2,'custom_params':{'a':1},'thinking':{'a':1}");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers())
        .containsEntry(
            "x-openai-kserve-dropped-params",
            "priority, typical_p, mirostat, custom_params, thinking");
  }

  @Test
  void neutralValuesAreAcceptedInStrictMode() {
    ApiResponse response =
        chat(
            serving(Dialects.DYNAMO, m -> m.strict(true)),
            "'guided_json':null,'grammar':'','bad_words':[],'allowed_token_ids':[],'priority':0,"
                + "'return_token_ids':false,'mirostat':0,'typical_p':1,'include_reasoning':true,"
                + "'add_generation_prompt':true,'continue_final_message':false,'n_predict':-1,"
                + "'user':'u','metadata':{},'store':false,'unknown':null");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers()).doesNotContainKey("x-openai-kserve-dropped-params");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'unknown':1", "'mirostat':2", "'priority':1", "'cache_prompt':true"})
  void strictRejectsEveryFieldWithoutEffect(String field) throws IOException {
    assertRefused(
        chat(serving(Dialects.DYNAMO, m -> m.strict(true)), field),
        field.substring(1, field.indexOf('\'', 1)),
        "unsupported_parameter");
  }

  // What the chat template does

  @Test
  void theLastMessageIsContinuedWithoutItsClosingMarkup() {
    ApiResponse response =
        post(
            vllm(),
            "/v1/chat/completions",
            BEGUN + ",'continue_final_message':true,'add_generation_prompt':false");

    assertThat(response.status()).isEqualTo(200);
    assertThat(backend.onlyRequest().input("text_input").orElseThrow().texts().get(0))
        .isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nOnce upon ");
    assertThat(backend.onlyRequest().input("sampling_parameters").orElseThrow().texts().get(0))
        .doesNotContain("stop");
  }

  @Test
  void aMessageThatTheTemplateLeavesOutCannotBeContinued() throws IOException {
    ChatTemplate deaf = conversation -> ChatTemplates.CHATML.render(firstOf(conversation));
    assertRefused(
        post(
            serving(Dialects.TRITON_VLLM, m -> m.chatTemplate(deaf)),
            "/v1/chat/completions",
            BEGUN + ",'continue_final_message':true"),
        "continue_final_message",
        "invalid_value");
  }

  @Test
  void aMessageIsNotContinuedToAFormatThatTheLibraryChecks() throws IOException {
    assertRefused(
        post(
            serving(Dialects.DYNAMO, m -> m.emulateResponseFormat(true)),
            "/v1/chat/completions",
            BEGUN + ",'continue_final_message':true,'response_format':{'type':'json_object'}"),
        "continue_final_message",
        "unsupported_value");
  }

  private static Conversation firstOf(Conversation conversation) {
    return new Conversation(conversation.messages().subList(0, 1));
  }

  @Test
  void onlyAnAssistantsTextIsContinuedAndNotWithAGenerationPrompt() throws IOException {
    assertRefused(
        chat(vllm(), "'continue_final_message':true"), "continue_final_message", "invalid_value");
    assertRefused(
        post(
            vllm(),
            "/v1/chat/completions",
            BEGUN + ",'continue_final_message':true,'add_generation_prompt':true"),
        "continue_final_message",
        "invalid_value");
  }

  @Test
  void aTemplateLeavesTheGenerationPromptOut() throws IOException {
    var qwen = serving(Dialects.TRITON_VLLM, m -> m.chatTemplate(ChatTemplates.QWEN25));
    chat(qwen, "'add_generation_prompt':false");

    assertThat(backend.onlyRequest().input("text_input").orElseThrow().texts().get(0))
        .endsWith("Hi<|im_end|>\n");
  }

  @Test
  void aTemplateThatAlwaysBeginsAnAnswerRefusesToLeaveItOut() throws IOException {
    assertRefused(
        chat(vllm(), "'add_generation_prompt':false"),
        "add_generation_prompt",
        "unsupported_parameter");
  }

  // Tables of users

  @Test
  void aValueOfAnotherTypeThanItsTensorIsA400() {
    Dialect table =
        Dialect.builder("own")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .input("store", Datatype.BOOL, RequestField.STORE)
            .input("user", Datatype.INT64, RequestField.USER, in -> in.as(user -> user))
            .output("text_output", ResponseField.TEXT)
            .build();
    var openai = serving(table, m -> {});
    for (Map.Entry<String, Object> extra :
        Map.<String, Object>of("store", "yes", "user", "u").entrySet()) {
      var request =
          CreateChatCompletionRequest.builder()
              .user("Hi")
              .extra(extra.getKey(), extra.getValue())
              .build();
      var refusal =
          catchThrowableOfType(
              InvalidRequestException.class, () -> openai.chatCompletions().create(request));

      assertThat(refusal.param()).isEqualTo(extra.getKey());
    }
  }

  @Test
  void aServerThatEchoesThePromptReportsItsLogProbabilities() {
    Dialect table =
        Dialect.builder("own")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .input("echo", Datatype.BOOL, RequestField.ECHO)
            .input("logprobs", Datatype.BOOL, RequestField.LOGPROBS)
            .input("top_logprobs", Datatype.INT32, RequestField.TOP_LOGPROBS)
            .input("max_tokens", Datatype.INT32, RequestField.MAX_TOKENS)
            .output("text_output", ResponseField.TEXT)
            .build();

    var answer =
        serving(table, m -> {})
            .completions()
            .create(r -> r.prompt("Hi").echo(true).logprobs(1).maxTokens(0));

    assertThat(answer.text()).isEqualTo("x");
    assertThat(backend.onlyRequest().input("echo")).contains(Tensor.booleans("echo", true));
  }
}
