package io.github.openaikserve.internal.json.read;

import static io.github.openaikserve.internal.json.read.Json.chat;
import static io.github.openaikserve.internal.json.read.Json.message;
import static io.github.openaikserve.internal.json.read.Json.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesTest {
  @ParameterizedTest
  @ValueSource(strings = {"system", "developer"})
  void instructionsAreRead(String role) {
    assertThat(message("{'role': '%s', 'content': 'Be brief.', 'name': 'n'}".formatted(role)))
        .isEqualTo(new SystemMessage(role, MessageContent.of("Be brief."), "n", Map.of()));
  }

  @Test
  void aUserMessageIsRead() {
    assertThat(message("{'role': 'user', 'content': 'hi', 'name': 'ada'}"))
        .isEqualTo(new UserMessage(MessageContent.of("hi"), "ada", Map.of()));
  }

  @Test
  void contentMayBeAnEmptyString() {
    assertThat(message("{'role': 'user', 'content': ''}").text()).isEmpty();
  }

  @Test
  void messagesKeepTheirOrder() {
    var request =
        chat(
            "{'messages': [{'role': 'system', 'content': 'a'}, {'role': 'user', 'content': 'b'},"
                + " {'role': 'assistant', 'content': 'c'}]}");

    assertThat(request.messages())
        .extracting(message -> message.role() + ":" + message.text())
        .containsExactly("system:a", "user:b", "assistant:c");
  }

  @Test
  void contentMayBeParts() {
    var message =
        message(
            "{'role': 'user', 'content': [{'type': 'text', 'text': 'what is '},"
                + " {'type': 'image_url', 'image_url': {'url': 'https://x', 'detail': 'low'}},"
                + " {'type': 'input_audio', 'input_audio': {'data': '', 'format': 'wav'}},"
                + " {'type': 'file', 'file': {'file_id': 'f'}},"
                + " {'type': 'text', 'text': 'this?', 'cache_control': {'type': 'ephemeral'}}]}");

    assertThat(message.text()).isEqualTo("what is this?");
    assertThat(message.content())
        .isEqualTo(
            new MessageContent.Parts(
                List.of(
                    new ContentPart.Text("what is "),
                    new ContentPart.Media("image_url", Map.of("url", "https://x", "detail", "low")),
                    new ContentPart.Media("input_audio", Map.of("data", "", "format", "wav")),
                    new ContentPart.Media("file", Map.of("file_id", "f")),
                    new ContentPart.Text("this?"))));
  }

  @Test
  void anAssistantMayHaveRefused() {
    var parts = message("{'role': 'assistant', 'content': [{'type': 'refusal', 'refusal': 'no'}]}");
    var field = message("{'role': 'assistant', 'content': null, 'refusal': 'no'}");

    assertThat(parts.content())
        .isEqualTo(new MessageContent.Parts(List.of(new ContentPart.Refusal("no"))));
    assertThat(field).isEqualTo(parts);
  }

  @Test
  void anAnswerOfOpenAiCanBeSentBack() {
    var message =
        message(
            "{'role': 'assistant', 'content': 'hi', 'refusal': null, 'annotations': [],"
                + " 'audio': null, 'tool_calls': null, 'function_call': null}");

    var extra = new LinkedHashMap<String, @Nullable Object>();
    extra.put("annotations", List.of());
    extra.put("audio", null);
    assertThat(message)
        .isEqualTo(new AssistantMessage(MessageContent.of("hi"), null, List.of(), extra));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'role': 'assistant'}", "{'role': 'assistant', 'content': null}"})
  void anAssistantMessageMayBeEmpty(String json) {
    assertThat(message(json)).isEqualTo(new AssistantMessage(null, null, List.of(), Map.of()));
  }

  @Test
  void toolCallsAreRead() {
    var message =
        message(
            "{'role': 'assistant', 'content': null, 'tool_calls': ["
                + "{'id': 'c1', 'type': 'function', 'function': {'name': 'f', 'arguments': '{}'}},"
                + "{'id': 'c2', 'function': {'name': 'g', 'arguments': 'not json'}}]}");

    assertThat(((AssistantMessage) message).toolCalls())
        .containsExactly(
            new ChatCompletionMessageToolCall("c1", "f", "{}"),
            new ChatCompletionMessageToolCall("c2", "g", "not json"));
    assertThat(message.content()).isNull();
  }

  @Test
  void theLegacyFunctionCallOfAMessageIsAToolCall() {
    var message =
        message("{'role': 'assistant', 'function_call': {'name': 'f', 'arguments': '{}'}}");

    assertThat(((AssistantMessage) message).toolCalls())
        .containsExactly(new ChatCompletionMessageToolCall("", "f", "{}"));
  }

  @Test
  void toolsAnswerToACall() {
    assertThat(message("{'role': 'tool', 'content': '21 degrees', 'tool_call_id': 'c1'}"))
        .isEqualTo(new ToolMessage("tool", MessageContent.of("21 degrees"), "c1", Map.of()));
  }

  @Test
  void functionsAnswerByName() {
    assertThat(message("{'role': 'function', 'content': '21', 'name': 'f'}"))
        .isEqualTo(new ToolMessage("function", MessageContent.of("21"), "f", Map.of()));
    assertThat(message("{'role': 'function', 'content': null, 'name': 'f'}").content()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'role': 'user', 'content': 'x', ",
        "{'role': 'system', 'content': 'x', ",
        "{'role': 'assistant', 'content': 'x', ",
        "{'role': 'tool', 'content': 'x', 'tool_call_id': 'c', ",
        "{'role': 'function', 'content': 'x', 'name': 'f', "
      })
  void unknownFieldsOfAMessageAreKept(String message) {
    var read = message(message + "'reasoning_content': 'hm', 'k': [1, null]}");

    var extra = new LinkedHashMap<String, @Nullable Object>();
    extra.put("reasoning_content", "hm");
    extra.put("k", Arrays.asList(1L, null));
    assertThat(read).extracting("extra").isEqualTo(extra);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "role                              | {}",
        "role                              | {'role': null}",
        "content                           | {'role': 'user'}",
        "content                           | {'role': 'system'}",
        "content                           | {'role': 'developer'}",
        "content                           | {'role': 'tool', 'tool_call_id': 'c'}",
        "tool_call_id                      | {'role': 'tool', 'content': 'x'}",
        "name                              | {'role': 'function', 'content': 'x'}",
        "content[0].type                   | {'role': 'user', 'content': [{}]}",
        "content[0].text                   | {'role': 'user', 'content': [{'type': 'text'}]}",
        "content[0].image_url              | {'role': 'user', 'content': [{'type': 'image_url'}]}",
        "content[0].input_audio            | {'role': 'user', 'content': [{'type':"
            + " 'input_audio'}]}",
        "content[0].file                   | {'role': 'user', 'content': [{'type': 'file'}]}",
        "content[0].refusal                | {'role': 'user', 'content': [{'type': 'refusal'}]}",
        "tool_calls[0].id                  | {'role': 'assistant', 'tool_calls': [{}]}",
        "tool_calls[0].function            | {'role': 'assistant', 'tool_calls': [{'id': 'c'}]}",
        "tool_calls[0].function.name       | {'role': 'assistant', 'tool_calls': [{'id': 'c',"
            + " 'function': {}}]}",
        "tool_calls[0].function.arguments  | {'role': 'assistant', 'tool_calls': [{'id': 'c',"
            + " 'function': {'name': 'f'}}]}",
        "function_call.name                | {'role': 'assistant', 'function_call': {}}"
      })
  void aMissingRequiredFieldIsReported(String path, String message) {
    var refusal = refusalOf(() -> message(message));

    assertThat(refusal.code()).isEqualTo("missing_required_parameter");
    assertThat(refusal.param()).isEqualTo("messages[0]." + path);
    assertThat(refusal).hasMessage("Missing required parameter: 'messages[0].%s'.".formatted(path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "role             | a string | an integer | {'role': 5}",
        "content          | one of a string or array of objects | an integer | {'role': 'user',"
            + " 'content': 5}",
        "content          | one of a string or array of objects | an object | {'role': 'user',"
            + " 'content': {}}",
        "content          | one of a string or array of objects | null | {'role': 'user',"
            + " 'content': null}",
        "content          | one of a string or array of objects | null | {'role': 'tool',"
            + " 'content': null, 'tool_call_id': 'c'}",
        "content          | one of a string or array of objects | a boolean | {'role': 'assistant',"
            + " 'content': true}",
        "content[0]       | an object | a string | {'role': 'user', 'content': ['hi']}",
        "content[0]       | an object | null | {'role': 'user', 'content': [null]}",
        "content[1].text  | a string | an array | {'role': 'user', 'content': [{'type': 'text',"
            + " 'text': 'a'}, {'type': 'text', 'text': []}]}",
        "content[0].image_url | an object | a string | {'role': 'user', 'content': [{'type':"
            + " 'image_url', 'image_url': 'https://x'}]}",
        "name             | a string | an integer | {'role': 'user', 'content': 'x', 'name': 5}",
        "refusal          | a string | a boolean | {'role': 'assistant', 'refusal': true}",
        "tool_call_id     | a string | an integer | {'role': 'tool', 'content': 'x',"
            + " 'tool_call_id': 5}",
        "tool_calls       | an array of objects | an object | {'role': 'assistant', 'tool_calls':"
            + " {}}",
        "tool_calls[0]    | an object | an integer | {'role': 'assistant', 'tool_calls': [5]}",
        "tool_calls[0].function.arguments | a string | an object | {'role': 'assistant',"
            + " 'tool_calls': [{'id': 'c', 'function': {'name': 'f', 'arguments': {}}}]}",
        "function_call    | an object | a string | {'role': 'assistant', 'function_call': 'f'}"
      })
  void aWrongTypeIsRefused(String path, String expected, String got, String message) {
    var refusal = refusalOf(() -> message(message));

    assertThat(refusal.code()).isEqualTo("invalid_type");
    assertThat(refusal.param()).isEqualTo("messages[0]." + path);
    assertThat(refusal)
        .hasMessage(
            "Invalid type for 'messages[0].%s': expected %s, but got %s instead."
                .formatted(path, expected, got));
  }

  @Test
  void aMessageThatIsNotAnObjectIsRejected() {
    var refusal = refusalOf(() -> message("{'role': 'user', 'content': 'x'}, 'hi'"));

    assertThat(refusal)
        .hasMessage(
            "Invalid type for 'messages[1]': expected an object, but got a string instead.");
    assertThat(refusal.param()).isEqualTo("messages[1]");
  }

  @Test
  void anUnknownRoleIsRefused() {
    var refusal = refusalOf(() -> message("{'role': 'x'}"));

    assertThat(refusal.code()).isEqualTo("invalid_value");
    assertThat(refusal.param()).isEqualTo("messages[0].role");
    assertThat(refusal)
        .hasMessage(
            "Invalid value: 'x'. Supported values are: 'system', 'assistant', 'user', 'function',"
                + " 'tool', and 'developer'.");
  }

  @Test
  void anUnknownValueIsShownCutAndPrintable() {
    var cut = refusalOf(() -> message("{'role': '" + "r".repeat(100_000) + "'}"));
    var escaped = refusalOf(() -> message("{'role': 'a\\n\\u0007\\u202eb'}"));
    var emoji =
        refusalOf(() -> message("{'role': '" + "r".repeat(63) + "\uD83D\uDE00\uD83D\uDE00'}"));

    assertThat(cut).hasMessageStartingWith("Invalid value: '" + "r".repeat(64) + "...'. ");
    assertThat(escaped).hasMessageStartingWith("Invalid value: 'a\\u000a\\u0007\\u202eb'. ");
    assertThat(emoji)
        .hasMessageStartingWith("Invalid value: '" + "r".repeat(63) + "\uD83D\uDE00...'. ");
  }

  @Test
  void anUnknownPartIsRefused() {
    var refusal =
        refusalOf(
            () ->
                message(
                    "{'role': 'user', 'content': [{'type': 'text', 'text': 'a'}, {'type':"
                        + " 'video'}]}"));

    assertThat(refusal.code()).isEqualTo("invalid_value");
    assertThat(refusal.param()).isEqualTo("messages[0].content[1].type");
    assertThat(refusal)
        .hasMessage(
            "Invalid value: 'video'. Supported values are: 'text', 'image_url', 'input_audio',"
                + " 'refusal', and 'file'.");
  }

  @Test
  void aToolCallIsOfAFunctionOrACustomTool() {
    var refusal =
        refusalOf(() -> message("{'role': 'assistant', 'tool_calls': [{'type': 'web'}]}"));

    assertThat(refusal.param()).isEqualTo("messages[0].tool_calls[0].type");
    assertThat(refusal)
        .hasMessage("Invalid value: 'web'. Supported values are: 'function' and 'custom'.");
  }

  @Test
  void contentWithoutPartsIsAnEmptyArray() {
    var refusal = refusalOf(() -> message("{'role': 'user', 'content': []}"));

    assertThat(refusal.code()).isEqualTo("empty_array");
    assertThat(refusal.param()).isEqualTo("messages[0].content");
    assertThat(refusal)
        .hasMessage(
            "Invalid 'messages[0].content': empty array. Expected an array with minimum length 1,"
                + " but got an empty array instead.");
  }
}
