package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.json.JsonLimits;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The order of the events of a stream: all of them, in each case, valid by OpenAI's schemas, and
 * the same in Java.
 */
final class ResponseEventsTest {
  private static final List<String> BEGIN = List.of("response.created", "response.in_progress");
  private static final List<String> TEXT =
      List.of(
          "response.output_item.added",
          "response.content_part.added",
          "response.output_text.delta+",
          "response.output_text.done",
          "response.content_part.done",
          "response.output_item.done");
  private static final List<String> SUMMARY =
      List.of(
          "response.output_item.added",
          "response.reasoning_summary_part.added",
          "response.reasoning_summary_text.delta+",
          "response.reasoning_summary_text.done",
          "response.reasoning_summary_part.done",
          "response.output_item.done");
  private static final List<String> RAW =
      List.of(
          "response.output_item.added",
          "response.reasoning_text.delta+",
          "response.reasoning_text.done",
          "response.output_item.done");
  private static final List<String> FUNCTION =
      List.of(
          "response.output_item.added",
          "response.function_call_arguments.delta+",
          "response.function_call_arguments.done",
          "response.output_item.done");
  private static final List<String> CUSTOM =
      List.of(
          "response.output_item.added",
          "response.custom_tool_call_input.delta+",
          "response.custom_tool_call_input.done",
          "response.output_item.done");
  private static final List<String> COMPLETED = List.of("response.completed");
  private static final List<String> INCOMPLETE = List.of("response.incomplete");
  private static final List<String> FAILED = List.of("error", "response.failed");

  private static final String TOOLS =
      ",'tools':[{'type':'function','name':'weather','parameters':{'type':'object'}},"
          + "{'type':'custom','name':'patch','format':{'type':'grammar','syntax':'regex','definition':'[a-z]+'}}]";
  private static final String WEATHER =
      "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>";
  private static final String PATCH =
      "<tool_call>\n{\"name\": \"patch\", \"arguments\": {\"input\": \"%s\"}}\n</tool_call>";

  private static List<String> order(List<?>... parts) {
    return Stream.of(parts).flatMap(List::stream).map(String::valueOf).toList();
  }

  @Test
  void ofAText() {
    assertOrder("", order(BEGIN, TEXT, COMPLETED), "Hel", "lo");
  }

  @Test
  void ofAnEmptyText() {
    assertOrder(
        "",
        order(
            BEGIN,
            List.of(
                "response.output_item.added",
                "response.content_part.added",
                "response.output_text.done",
                "response.content_part.done",
                "response.output_item.done"),
            COMPLETED),
        "");
  }

  @Test
  void ofReasoningAndAText() {
    assertOrder(
        "", order(BEGIN, SUMMARY, TEXT, COMPLETED), "<think>", "I ", "wonder.", "</think>", "Hi");
  }

  @Test
  void ofReasoningAsWritten() {
    assertOrder(
        ",'include':['reasoning.text']",
        order(BEGIN, RAW, TEXT, COMPLETED),
        "<think>",
        "I wonder.",
        "</think>",
        "Hi");
  }

  @Test
  void ofOneCall() {
    assertOrder(TOOLS, order(BEGIN, FUNCTION, COMPLETED), WEATHER);
  }

  @Test
  void ofSeveralCallsAfterReasoningAndText() {
    assertOrder(
        TOOLS,
        order(BEGIN, SUMMARY, TEXT, FUNCTION, FUNCTION, CUSTOM, COMPLETED),
        "<think>Hm.</think>",
        "I look.\n",
        WEATHER,
        "\n",
        WEATHER,
        "\n",
        PATCH.formatted("abc"));
  }

  @Test
  void ofACustomTool() {
    assertOrder(TOOLS, order(BEGIN, CUSTOM, COMPLETED), PATCH.formatted("abc"));
  }

  @Test
  void ofAnAnswerThatItsGuideRefuses() {
    String schema =
        ",'text':{'format':{'type':'json_schema','name':'n','schema':{'type':'object','required':['a']}}}";

    List<JsonNode> events =
        assertOrder(
            schema,
            order(
                BEGIN,
                List.of(
                    "response.output_item.added",
                    "response.content_part.added",
                    "response.output_text.delta+"),
                FAILED),
            "{\"b\":",
            "1}");

    assertThat(last(events).at("/response/error/message").asText()).contains("a");
    assertThat(error(events).get("code").asText()).isEqualTo("invalid_model_output");
  }

  @Test
  void ofACallThatItsGrammarRefuses() {
    List<JsonNode> events =
        assertOrder(
            TOOLS, order(BEGIN, TEXT.subList(0, 3), FAILED), "I look.\n", PATCH.formatted("ABC"));

    assertThat(error(events).get("message").asText()).contains("does not match its grammar");
  }

  @Test
  void ofATextAtTheLimit() {
    List<JsonNode> events =
        assertOrder(",'max_output_tokens':2", order(BEGIN, TEXT, INCOMPLETE), "Hel", "lo");

    assertThat(last(events).at("/response/incomplete_details/reason").asText())
        .isEqualTo("max_output_tokens");
  }

  @Test
  void ofReasoningAtTheLimit() {
    assertOrder(
        ",'max_output_tokens':3", order(BEGIN, SUMMARY, INCOMPLETE), "<think>", "I ", "wonder.");
  }

  @Test
  void ofACallAtTheLimit() {
    assertOrder(
        ",'max_output_tokens':1" + TOOLS,
        order(BEGIN, FUNCTION, INCOMPLETE),
        "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"ci");
  }

  @Test
  void ofAFailureBeforeTheFirstTokenThereAreNone() {
    Api api = api(FakeBackend.failing(BackendCode.UNAVAILABLE, "gone"));

    JsonNode error = api.create("{'input':'Hi','stream':true}").error(503);

    assertThat(error.get("code").asText()).isEqualTo("unavailable");
  }

  @Test
  void ofAFailureInTheMiddle() {
    Api api = api(failing("Hel", "lo"));
    List<JsonNode> events = api.create("{'input':'Hi','stream':true}").events();

    assertThat(collapsed(events))
        .isEqualTo(
            order(
                BEGIN,
                List.of(
                    "response.output_item.added",
                    "response.content_part.added",
                    "response.output_text.delta+"),
                FAILED));
    assertCounted(events);
    JsonNode failed = last(events).get("response");
    assertThat(failed.get("status").asText()).isEqualTo("failed");
    assertThat(failed.at("/output/0/content/0/text").asText()).isEqualTo("Hello");
    assertThat(failed.at("/output/0/status").asText()).isEqualTo("incomplete");
    api.get("/v1/responses/" + failed.get("id").asText()).error(404);
  }

  private static FakeBackend failing(String... tokens) {
    var gone = new BackendException(BackendCode.UNAVAILABLE, "gone");
    return FakeBackend.answering(
        call ->
            ScriptedResponse.of(
                    ScriptedResponse.tokens(call, tokens).responses().subList(0, tokens.length))
                .thenFails(gone));
  }

  @Test
  void ofAStreamThatItsReaderLeaves() throws IOException {
    var store = MemoryResponseStore.ofDefaults();
    FakeBackend backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(
                        ScriptedResponse.tokens(call, "Hel", "lo").responses().subList(0, 2))
                    .thenHangs());
    ApiResponse response =
        Api.over(backend, store).unread("POST", "/v1/responses", "{'input':'Hi','stream':true}");
    List<JsonNode> events = new ArrayList<>();

    try (var reader =
        new BufferedReader(
            new InputStreamReader(response.body().inputStream(), StandardCharsets.UTF_8))) {
      while (events.stream().filter(is("response.output_text.delta")).count() < 2) {
        String line = Objects.requireNonNull(reader.readLine(), "the stream ended");
        if (line.startsWith("data: ")) {
          events.add(Api.parse(line.substring("data: ".length())));
        }
      }
    }

    assertThat(collapsed(events))
        .isEqualTo(
            order(
                BEGIN,
                List.of(
                    "response.output_item.added",
                    "response.content_part.added",
                    "response.output_text.delta+")));
    assertCounted(events);
    assertThat(backend.cancellations()).isEqualTo(1);
    assertThat(store.size()).isZero();
  }

  private static Predicate<JsonNode> is(String type) {
    return event -> event.get("type").asText().equals(type);
  }

  /** Asserts the order over HTTP and in Java, and returns the events of HTTP. */
  private static List<JsonNode> assertOrder(String fields, List<String> order, String... tokens) {
    OpenAiKServe openai =
        Api.builder(FakeBackend.tokens(tokens))
            .responseStore(MemoryResponseStore.ofDefaults())
            .build();
    Api api = new Api(openai);
    List<JsonNode> events = api.create("{'input':'Hi','stream':true" + fields + "}").events();

    assertThat(collapsed(events)).isEqualTo(order);
    assertCounted(events);
    assertWhole(events);
    assertThat(inJava(openai, "{'input':'Hi'" + fields + "}"))
        .isEqualTo(
            events.stream()
                .map(event -> event.get("type").asText())
                .filter(type -> !FAILED.contains(type))
                .toList());
    return events;
  }

  /** Returns the types of the events for a Java caller, for whom a failure is an exception. */
  private static List<String> inJava(OpenAiKServe openai, String body) {
    List<String> types = new ArrayList<>();
    CreateResponseRequest request =
        new RequestJson(JsonLimits.DEFAULT)
            .response(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    try (var stream = openai.responses().stream(request)) {
      for (ResponseStreamEvent event : stream) {
        types.add(event.type());
      }
    } catch (OpenAiException e) {
      return types;
    }
    return types;
  }

  /** Returns the types of events; equal ones that follow each other are one with a plus. */
  private static List<String> collapsed(List<JsonNode> events) {
    List<String> types = new ArrayList<>();
    for (JsonNode event : events) {
      String type = event.get("type").asText();
      type = type.endsWith(".delta") ? type + "+" : type;
      if (!type.endsWith("+") || types.isEmpty() || !types.get(types.size() - 1).equals(type)) {
        types.add(type);
      }
    }
    return types;
  }

  /** Numbers have no gap, indexes are those of the items, and each id is that of its item. */
  private static void assertCounted(List<JsonNode> events) {
    Map<Integer, String> ids = new HashMap<>();
    for (int i = 0; i < events.size(); i++) {
      JsonNode event = events.get(i);
      assertThat(event.get("sequence_number").asInt()).isEqualTo(i);
      if (event.get("type").asText().equals("response.output_item.added")) {
        int index = event.get("output_index").asInt();
        assertThat(index).isEqualTo(ids.size());
        ids.put(index, event.at("/item/id").asText());
      } else if (event.has("item_id")) {
        assertThat(event.get("item_id").asText())
            .isEqualTo(ids.get(event.get("output_index").asInt()));
        assertThat(event.path("content_index").asInt(0)).isZero();
        assertThat(event.path("summary_index").asInt(0)).isZero();
      }
    }
    Set<String> distinct = new HashSet<>(ids.values());
    assertThat(distinct).hasSameSizeAs(ids.values());
  }

  /** The deltas of each item add up to what its last events and the response have. */
  private static void assertWhole(List<JsonNode> events) {
    Map<Integer, StringBuilder> texts = new TreeMap<>();
    for (JsonNode event : events) {
      String type = event.get("type").asText();
      if (type.endsWith(".delta")) {
        texts
            .computeIfAbsent(event.get("output_index").asInt(), i -> new StringBuilder())
            .append(event.get("delta").asText());
      } else if (type.endsWith("_text.done")
          || type.endsWith("arguments.done")
          || type.endsWith("input.done")) {
        String text =
            texts.getOrDefault(event.get("output_index").asInt(), new StringBuilder()).toString();
        assertThat(text)
            .isEqualTo(
                event
                    .path("text")
                    .asText(event.path("arguments").asText(event.path("input").asText())));
      } else if (type.equals("response.output_item.done")) {
        assertThat(last(events).at("/response/output/" + event.get("output_index").asInt()))
            .isEqualTo(event.get("item"));
      }
    }
  }

  private static Api api(FakeBackend backend) {
    return Api.over(backend, MemoryResponseStore.ofDefaults());
  }

  private static JsonNode error(List<JsonNode> events) {
    return events.get(events.size() - 2);
  }

  private static JsonNode last(List<JsonNode> events) {
    return events.get(events.size() - 1);
  }
}
