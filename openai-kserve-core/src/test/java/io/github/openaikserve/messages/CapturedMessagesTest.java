package io.github.openaikserve.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests as Claude Code really sends them. */
final class CapturedMessagesTest {
  @ParameterizedTest
  @CsvSource({
    "claude-code-stream.json, say hello, Bash",
    "claude-code-tool-result-stream.json, File created successfully, Write",
  })
  void isAnsweredAndNothingOfItIsLost(String file, String said, String tool) throws IOException {
    Api api = Api.writing("<think>Hm.</think>", "Hello!");
    Api.Answer answer =
        api.create(read(file).replace("\"claude-sonnet-4-5\"", "\"m\"").replace("'", "\\u0027"));

    assertThat(answer.types())
        .startsWith("message_start")
        .endsWith("message_delta", "message_stop");
    assertThat(answer.grown("text_delta", "text")).isEqualTo("Hello!");
    assertThat(answer.dropped()).containsExactly("");
    assertThat(api.prompt())
        .contains(said, "\"name\": \"" + tool + "\"")
        .doesNotContain("cc_version");
  }

  /** What newer versions send too, as far as their requests and Anthropic's reference show it. */
  @Test
  void whatIsNewerThanTheServerIsNamedAndNoError() {
    Api api = Api.writing("<think>Hm.</think>", "Hello!");

    Api.Answer answer =
        api.create(
            "{'model':'m','max_tokens':32000,'stream':true,'system':[{'type':'text','text':'s',"
                + "'cache_control':{'type':'ephemeral','ttl':'1h','scope':'global'}}],'messages':[{"
                + "'role':'user','content':[{'type':'text','text':'hi','cache_control':{'type':"
                + "'ephemeral'}}]}],'tools':[{'name':'Bash','description':'d','input_schema':{'type':"
                + "'object'},'cache_control':{'type':'ephemeral'},'eager_input_streaming':true},{"
                + "'type':'web_search_20260209','name':'web_search','max_uses':8},{'type':"
                + "'future_tool_20270101','name':'future','anything':[1]}],'metadata':{'user_id':"
                + "'user_1_account__session_2'},'thinking':{'type':'enabled','budget_tokens':31999},"
                + "'context_management':{'edits':[{'type':'clear_thinking_20251015','keep':'all'}]},"
                + "'betas':['claude-code-20250219','interleaved-thinking-2025-05-14'],'future':{'a':1}}");

    assertThat(answer.types()).startsWith("message_start").endsWith("message_stop");
    assertThat(answer.grown("thinking_delta", "thinking")).isEqualTo("Hm.");
    assertThat(answer.grown("text_delta", "text")).isEqualTo("Hello!");
    assertThat(answer.dropped())
        .containsExactlyInAnyOrder(
            "tools.web_search_20260209", "tools.future_tool_20270101", "future");
    assertThat(api.prompt()).contains("\"name\": \"Bash\"").doesNotContain("cache_control");
  }

  private static String read(String file) throws IOException {
    try (InputStream in =
        CapturedMessagesTest.class.getResourceAsStream("/anthropic/requests/" + file)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
