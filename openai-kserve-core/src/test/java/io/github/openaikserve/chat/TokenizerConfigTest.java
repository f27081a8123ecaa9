package io.github.openaikserve.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenizerConfigTest {
  private static final List<ChatCompletionRequestMessage> HI =
      List.of(ChatCompletionRequestMessage.user("Hi"));

  @TempDir Path directory;

  @Test
  void theTemplateAndItsTokensAreRead() throws IOException {
    write(
        """
        {"chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}",
         "bos_token": "<s>", "eos_token": {"__type": "AddedToken", "content": "</s>"}}
        """);

    ChatPrompt prompt = prompt();
    assertThat(prompt.text()).isEqualTo("Hi</s>");
    assertThat(prompt.stopSequences()).containsExactly("</s>");
  }

  @Test
  void theBosTokenStaysWhereServersAddNone() throws IOException {
    write(
        """
        {"chat_template": "{{ bos_token }}x", "bos_token": "<s>", "add_bos_token": false}
        """);

    assertThat(prompt().text()).isEqualTo("<s>x");
  }

  @Test
  void tokensMayBeAbsentOrNull() throws IOException {
    write(
        """
        {"chat_template": "{{ bos_token + messages[0].content + eos_token }}", "bos_token": null}
        """);

    assertThat(prompt().text()).isEqualTo("Hi");
  }

  @Test
  void ofNamedTemplatesTheOneForToolsIsUsedWithTools() throws IOException {
    write(
        """
        {"bos_token": "<s>",
         "chat_template": [
          {"name": "default", "template": "{{ bos_token }}plain {{ messages[0].content }}"},
          {"name": "rag", "template": "rag"},
          {"name": "tool_use",
           "template": "{{ bos_token }}tools {{ tools[0].function.name }} {{ messages[-1].content }}"}]}
        """);
    ChatTemplate template = ChatTemplates.fromTokenizerConfig(directory);
    var tool = new ChatCompletionTool("function", Map.of("name", "f"));
    var withTools = new Conversation(HI, List.of(tool), Map.of());

    assertThat(template.render(new Conversation(HI)).text()).isEqualTo("plain Hi");
    assertThat(template.render(withTools).text()).isEqualTo("tools f Hi");
    assertThat(ChatTemplates.includeBosToken(template).render(withTools).text())
        .isEqualTo("<s>tools f Hi");
  }

  @Test
  void aConversationWithCallsIsRenderedByTheTemplateForTools() throws IOException {
    write(
        """
        {"chat_template": [
          {"name": "default",
           "template": "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"},
          {"name": "tool_use",
           "template": "{% for t in tools %}({{ t.function.name }}){% endfor %}{% for m in messages %}[{{ m.role }}]{{ m.content or '' }}{% for c in m.tool_calls or [] %}{{ c.function.name }}{{ c.function.arguments | tojson }}{% endfor %}{% endfor %}"}]}
        """);
    var call = new ChatCompletionMessageToolCall("call_1", "f", "{\"a\": 1}");
    List<ChatCompletionRequestMessage> turns =
        List.of(
            ChatCompletionRequestMessage.user("Hi"),
            new AssistantMessage(null, null, List.of(call), Map.of()),
            ChatCompletionRequestMessage.tool("call_1", "seen"));
    var tool = new ChatCompletionTool("function", Map.of("name", "f"));

    assertThat(
            ChatTemplates.fromTokenizerConfig(directory)
                .render(new Conversation(turns, List.of(tool), Map.of()))
                .text())
        .isEqualTo("(f)[user]Hi[assistant]f{\"a\": 1}[tool]seen");
  }

  @Test
  void aSeparateTemplateFileTakesPrecedence() throws IOException {
    write("{\"chat_template\": \"older\", \"eos_token\": \"</s>\"}");
    Files.writeString(directory.resolve("chat_template.jinja"), "newer{{ eos_token }}");

    assertThat(prompt().text()).isEqualTo("newer</s>");
    assertThat(
            ChatTemplates.fromJinja(directory.resolve("chat_template.jinja"))
                .render(new Conversation(HI))
                .text())
        .isEqualTo("newer");
  }

  @Test
  void moreTemplatesAreReadFromTheirDirectory() throws IOException {
    write("{\"chat_template\": \"plain\"}");
    Path more = Files.createDirectory(directory.resolve("additional_chat_templates"));
    Files.writeString(more.resolve("tool_use.jinja"), "tools {{ tools[0].function.name }}");
    Files.writeString(more.resolve("notes.txt"), "no template");

    var tool = new ChatCompletionTool("function", Map.of("name", "f"));
    assertThat(prompt().text()).isEqualTo("plain");
    assertThat(
            ChatTemplates.fromTokenizerConfig(directory)
                .render(new Conversation(HI, List.of(tool), Map.of()))
                .text())
        .isEqualTo("tools f");
  }

  @Test
  void theTemplateOfAProcessorIsRead() throws IOException {
    write("{}");
    Files.writeString(
        directory.resolve("chat_template.json"),
        "{\"chat_template\": \"processor {{ messages[0].content }}\"}");

    assertThat(prompt().text()).isEqualTo("processor Hi");

    Files.writeString(directory.resolve("chat_template.jinja"), "own");
    assertThat(prompt().text()).isEqualTo("own");
  }

  @Test
  void theFileItselfMayBeNamed() throws IOException {
    write("{\"chat_template\": \"x\"}");

    assertThat(
            ChatTemplates.fromTokenizerConfig(directory.resolve("tokenizer_config.json"))
                .render(new Conversation(HI))
                .text())
        .isEqualTo("x");
  }

  @Test
  void theSpecialTokensOfTheTokenizerItselfAreRead() throws IOException {
    write("{\"chat_template\": \"x\", \"extra_special_tokens\": [\"~a~\"]}");
    String beginning =
        """
        {"version": "1.0", "truncation": {"max_length": 512}, "padding": null,
         "added_tokens": [{"id": 7, "content": "~b~", "special": true},
                          {"id": 8, "content": "  ", "special": false}],
         "model": {"vocab": {
        """;
    Files.writeString(directory.resolve("tokenizer.json"), beginning);

    assertThat(ChatTemplates.fromTokenizerConfig(directory).controlTokens())
        .as("without the vocabulary, which is large, and here not even complete")
        .containsExactlyInAnyOrder("~a~", "~b~");
  }

  @Test
  void aTokenizerWithoutAddedTokensHasNone() throws IOException {
    write("{\"chat_template\": \"x\"}");

    for (String json : List.of("{}", "{\"added_tokens\": null}", "{\"added_tokens\": [1]}")) {
      Files.writeString(directory.resolve("tokenizer.json"), json);
      assertThat(ChatTemplates.fromTokenizerConfig(directory).controlTokens()).as(json).isEmpty();
    }
  }

  @Test
  void aTokenizerThatIsNotJsonIsNamed() throws IOException {
    write("{\"chat_template\": \"x\"}");

    for (String json : List.of("", "[]", "{\"added_tokens\": [", "version https://git-lfs")) {
      Files.writeString(directory.resolve("tokenizer.json"), json);
      assertThatThrownBy(() -> ChatTemplates.fromTokenizerConfig(directory))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tokenizer.json is not a JSON object");
    }
  }

  @Test
  void missingAndWrongFieldsAreNamed() throws IOException {
    assertThatThrownBy(() -> ChatTemplates.fromTokenizerConfig(directory))
        .hasCauseInstanceOf(NoSuchFileException.class);
    assertWrong("[]", "is not a JSON object");
    assertWrong("{\"chat", "is not a JSON object");
    assertWrong("{}", "has no chat_template");
    assertWrong("{\"chat_template\": 1}", "neither a text nor a list");
    assertWrong("{\"chat_template\": [{\"name\": \"rag\"}]}", "has no name or no template");
    assertWrong("{\"chat_template\": [{\"name\": \"rag\", \"template\": \"\"}]}", "named default");
    assertWrong("{\"chat_template\": \"x\", \"bos_token\": 7}", "bos_token");
    assertWrong("{\"chat_template\": \"a\\n{% if %}\"}", "line 2");
  }

  private void assertWrong(String json, String problem) throws IOException {
    write(json);
    assertThatThrownBy(() -> ChatTemplates.fromTokenizerConfig(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokenizer_config.json")
        .hasMessageContaining(problem);
  }

  private void write(String json) throws IOException {
    Files.writeString(directory.resolve("tokenizer_config.json"), json);
  }

  private ChatPrompt prompt() throws IOException {
    return ChatTemplates.fromTokenizerConfig(directory).render(new Conversation(HI));
  }
}
