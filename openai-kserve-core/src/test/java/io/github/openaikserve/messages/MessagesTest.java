package io.github.openaikserve.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.anthropic.ContentBlock;
import io.github.openaikserve.anthropic.Message;
import io.github.openaikserve.anthropic.MessageParam;
import io.github.openaikserve.anthropic.MessageTool;
import io.github.openaikserve.anthropic.StopReason;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages, whole and streamed, over a model whose formats of calls and thinking are known. */
final class MessagesTest {
  private static final String STREAM = ",'stream':true";
  private static final String TOOLS =
      ",'tools':[{'name':'weather','input_schema':{'type':'object'}}]";
  private static final String CALL =
      "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>";

  @Test
  void aTextIsOneBlock() {
    Message message =
        Api.writing("Hel", "lo").openai().messages().create(r -> r.maxTokens(9).user("Hi"));

    assertThat(message.text()).isEqualTo("Hello");
    assertThat(message.content()).containsExactly(ContentBlock.text("Hello"));
    assertThat(message.stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(message.id()).startsWith("msg_");
    assertThat(message.usage()).isNotNull();
  }

  @Test
  void reasoningIsABlockWithASignature() {
    String[] tokens = {"<think>", "I ", "wonder.", "</think>", "\n\n", "Hi"};

    JsonNode whole = Api.writing(tokens).sayHi("").json();
    Api.Answer streamed = Api.writing(tokens).sayHi(STREAM);

    assertThat(whole.at("/content/0/type").asText()).isEqualTo("thinking");
    assertThat(whole.at("/content/0/thinking").asText()).isEqualTo("I wonder.");
    assertThat(whole.at("/content/0/signature")).isEqualTo(whole.get("id"));
    assertThat(whole.at("/content/1/text").asText()).isEqualTo("Hi");
    assertThat(whole.at("/usage/output_tokens_details/thinking_tokens").asInt()).isPositive();
    assertThat(streamed.grown("thinking_delta", "thinking")).isEqualTo("I wonder.");
    assertThat(streamed.types())
        .containsSubsequence(
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "content_block_start",
            "content_block_stop",
            "message_delta");
    List<JsonNode> events = streamed.events();
    assertThat(events.get(4).at("/delta/type").asText()).isEqualTo("signature_delta");
    assertThat(events.get(4).at("/delta/signature")).isEqualTo(events.get(0).at("/message/id"));
  }

  @Test
  void thinkingThatTheRequestOmitsHasOnlyASignature() {
    String omitted = ",'thinking':{'type':'adaptive','display':'omitted'}";
    String[] tokens = {"<think>", "I ", "wonder.", "</think>", "Hi"};

    JsonNode whole = Api.writing(tokens).sayHi(omitted).json();
    Api.Answer streamed = Api.writing(tokens).sayHi(omitted + STREAM);

    assertThat(whole.at("/content/0/thinking").asText()).isEmpty();
    assertThat(whole.at("/content/0/signature").asText()).isNotEmpty();
    assertThat(streamed.body()).doesNotContain("thinking_delta", "wonder");
    assertThat(streamed.grown("text_delta", "text")).isEqualTo("Hi");
  }

  @Test
  void callsAreBlocksInOrder() {
    String[] tokens = {"I look.", "\n", CALL, "\n", CALL};

    JsonNode whole = Api.writing(tokens).sayHi(TOOLS).json();
    Api.Answer streamed = Api.writing(tokens).sayHi(TOOLS + STREAM);

    assertThat(whole.get("content")).hasSize(3);
    assertThat(whole.at("/content/0/text").asText()).isEqualTo("I look.");
    assertThat(whole.at("/content/1/name").asText()).isEqualTo("weather");
    assertThat(whole.at("/content/1/input/city").asText()).isEqualTo("Rome");
    assertThat(whole.at("/content/1/id").asText()).startsWith("toolu_");
    assertThat(whole.at("/content/2/id")).isNotEqualTo(whole.at("/content/1/id"));
    assertThat(whole.get("stop_reason").asText()).isEqualTo("tool_use");
    assertThat(streamed.types().stream().filter("content_block_start"::equals)).hasSize(3);
    assertThat(
            Api.parse(
                "["
                    + streamed.grown("input_json_delta", "partial_json").replace("}{", "},{")
                    + "]"))
        .hasSize(2);
    assertThat(
            streamed.events().get(streamed.events().size() - 2).at("/delta/stop_reason").asText())
        .isEqualTo("tool_use");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<tool_call>\n{\"name\": \"weather\", \"arguments\": {}}\n</tool_call>"})
  void aStreamedCallThatWasCutOffIsNotToBeRun(String earlier) {
    Api.Answer streamed =
        Api.writing(earlier, "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"c")
            .sayHi(TOOLS + STREAM);

    assertThat(
            streamed.events().get(streamed.events().size() - 2).at("/delta/stop_reason").asText())
        .isEqualTo("end_turn");
    assertThat(streamed.grown("text_delta", "text")).endsWith("\"arguments\": {\"c");
  }

  @Test
  void aNamedToolIsCalledAndTheReasonIsToolUse() {
    String choice = TOOLS + ",'tool_choice':{'type':'tool','name':'weather'}";

    JsonNode message = Api.writing("{\"city\": \"Rome\"}", "}\n</tool_call>").sayHi(choice).json();

    assertThat(message.at("/content/0/input/city").asText()).isEqualTo("Rome");
    assertThat(message.get("stop_reason").asText()).isEqualTo("tool_use");
  }

  @Test
  void anAnswerThatWasCutOffHasReachedTheLimit() {
    JsonNode message =
        Api.writing("Hel", "lo")
            .create("{'max_tokens':2,'messages':[{'role':'user','content':'Hi'}]}")
            .json();

    assertThat(message.get("stop_reason").asText()).isEqualTo("max_tokens");
    assertThat(message.at("/content/0/text").asText()).isEqualTo("Hello");
  }

  @Test
  void theStopSequenceIsNamed() {
    String stop = ",'stop_sequences':['never','END']";

    JsonNode whole = Api.writing("one E", "ND two").sayHi(stop).json();
    Api.Answer streamed = Api.writing("<think>END</think>", "one E", "ND two").sayHi(stop + STREAM);

    assertThat(whole.at("/content/0/text").asText()).isEqualTo("one ");
    assertThat(whole.get("stop_reason").asText()).isEqualTo("stop_sequence");
    assertThat(whole.get("stop_sequence").asText()).isEqualTo("END");
    JsonNode delta = streamed.events().get(streamed.events().size() - 2).get("delta");
    assertThat(streamed.grown("text_delta", "text")).isEqualTo("one ");
    assertThat(delta.get("stop_sequence").asText()).isEqualTo("END");
  }

  @ParameterizedTest
  @CsvSource({
    "END, stop_sequence, stop_sequence, END", // the only one, as the server says
    "END, END, stop_sequence, END", // the server names it
    "END, eos_token, end_turn, ''",
    "END, stop, end_turn, ''", // either
    "stop, stop, end_turn, ''", // a word for both
    "END;OTHER, stop_sequence, end_turn, ''", // one of several
    "END;OTHER, OTHER, stop_sequence, OTHER",
    "END, OTHER, end_turn, ''",
  })
  void theSequenceAtWhichAServerEndsIsKnownOnlyIfTheServerSaysSo(
      String stops, String said, String reason, String sequence) {
    var dialect =
        Dialect.builder("tgi")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .input("stop", Datatype.BYTES, RequestField.STOP)
            .output("text", ResponseField.TEXT)
            .output("finish_reason", ResponseField.FINISH_REASON)
            .build();
    var backend =
        FakeBackend.responses(
            InferResponse.of(Tensor.text("text", "one "), Tensor.text("finish_reason", said)));
    Api api =
        Api.over(
            backend,
            OpenAiKServe.builder(backend)
                .model(
                    "m",
                    m ->
                        m.dialect(dialect)
                            .chatTemplate(ChatTemplates.fromJinja("{{ messages[0].content }}"))
                            .separateReasoning(false)));

    JsonNode message = api.sayHi(",'stop_sequences':['" + stops.replace(";", "','") + "']").json();

    assertThat(message.at("/content/0/text").asText()).isEqualTo("one ");
    assertThat(message.get("stop_reason").asText()).isEqualTo(reason);
    assertThat(message.get("stop_sequence").asText("").replace("null", "")).isEqualTo(sequence);
  }

  @Test
  void theStopSequenceOfATemplateIsTheEndOfTheTurn() {
    JsonNode message = Api.writing("Hi", "<|im_end|>", "more").sayHi("").json();

    assertThat(message.at("/content/0/text").asText()).isEqualTo("Hi");
    assertThat(message.get("stop_reason").asText()).isEqualTo("end_turn");
    assertThat(message.get("stop_sequence").isNull()).isTrue();
  }

  @Test
  void anAnswerWithoutTextHasAnEmptyOne() {
    JsonNode message = Api.writing("<think>", "Hm.", "</think>").sayHi("").json();

    assertThat(message.at("/content/1/type").asText()).isEqualTo("text");
    assertThat(message.at("/content/1/text").asText()).isEmpty();
  }

  @Test
  void anAnswerIsTheNextMessageOfItsConversation() {
    var api = Api.writing("<think>I look.</think>", CALL);
    MessageTool weather = MessageTool.custom("weather", null, Map.of("type", "object"));
    Message first =
        api.openai().messages().create(r -> r.maxTokens(99).user("Weather?").tool(weather));
    String id = first.toolUses().get(0).id();

    api.openai()
        .messages()
        .create(
            r ->
                r.maxTokens(99)
                    .user("Weather?")
                    .message(MessageParam.assistant(first))
                    .message(MessageParam.user(List.of(ContentBlock.toolResult(id, "Sunny."))))
                    .tool(weather));

    assertThat(first.thinking()).isEqualTo("I look.");
    assertThat(api.prompt()).containsSubsequence("Weather?", "\"city\"", "Sunny.");
  }

  @Test
  void aFutureThatIsCancelledEndsTheCall() {
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());

    Api.over(backend).openai().messages().createAsync(r -> r.maxTokens(9).user("Hi")).cancel(true);

    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void aWholeMessageThatFailsCarriesItsText() {
    var failure =
        catchThrowableOfType(
            BackendException.class,
            () ->
                Api.over(Api.failingAfter("Hel"))
                    .openai()
                    .messages()
                    .create(r -> r.maxTokens(9).user("Hi")));

    assertThat(failure.partialText()).isEqualTo("Hel");
  }

  @Test
  void theTokensOfAPromptAreCountedAndNothingIsSent() {
    FakeBackend backend = FakeBackend.tokens("Hi");
    var api = Api.over(backend);

    JsonNode counted =
        api.send(
                "POST",
                "/v1/messages/count_tokens?beta=true",
                "{'model':'m','system':'Be brief.','messages':[{'role':'user','content':'Hi'}]}")
            .json();

    assertThat(counted.get("input_tokens").asInt())
        .isEqualTo(api.openai().messages().countTokens(r -> r.system("Be brief.").user("Hi")))
        .isGreaterThan(2);
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void onlyACountDoesWithoutALimitOfTokens() {
    assertThatThrownBy(() -> Api.writing("Hi").openai().messages().create(r -> r.user("Hi")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("Missing required parameter: 'max_tokens'.");
  }

  @Test
  void structuredTextIsCheckedAsInAChat() {
    String schema =
        "{'format':{'type':'json_schema','schema':{'type':'object','properties':{'a':{'type':'integer'}}}}}";

    Api.Answer good = Api.writing("{\"a\":", "1}").sayHi(",'output_config':" + schema);
    Api.Answer bad = Api.writing("none").sayHi(",'output_config':" + schema);

    assertThat(good.json().at("/content/0/text").asText()).isEqualTo("{\"a\":1}");
    assertThat(bad.error(502).get("type").asText()).isEqualTo("api_error");
  }

  @Test
  void listenersSeeTheKindOfCall() {
    List<CallInfo> seen = new ArrayList<>();
    var backend = FakeBackend.tokens("Hi");
    var api =
        Api.over(
            backend,
            Api.builder(backend)
                .listener(
                    info -> {
                      seen.add(info);
                      return CallObserver.NONE;
                    }));

    api.sayHi(STREAM);

    assertThat(seen).extracting(CallInfo::kind).containsExactly(CallKind.MESSAGE);
    assertThat(seen.get(0).streamed()).isTrue();
  }
}
