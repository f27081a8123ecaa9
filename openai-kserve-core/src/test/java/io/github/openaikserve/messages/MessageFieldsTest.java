package io.github.openaikserve.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page has a row for every field of Anthropic's request. */
final class MessageFieldsTest {
  private static final Pattern ROW = Pattern.compile("^\\| ((?:`[a-z_]+`(?:, )?)+) \\|");

  /**
   * The fields of a request.
   *
   * <p>Source: {@code anthropics/anthropic-sdk-python} 2.14.0: {@code MessageCreateParams} and its
   * beta; {@code betas} of the latter is the header {@code anthropic-beta}.
   */
  private static final List<String> FIELDS =
      List.of(
          "billing_policy",
          "cache_control",
          "compaction",
          "container",
          "context_management",
          "diagnostics",
          "fallback_credit_token",
          "fallbacks",
          "inference_geo",
          "max_tokens",
          "mcp_servers",
          "messages",
          "metadata",
          "model",
          "output_config",
          "output_format",
          "service_tier",
          "speed",
          "stop_sequences",
          "stream",
          "system",
          "temperature",
          "thinking",
          "thread",
          "tool_choice",
          "tools",
          "top_k",
          "top_p",
          "user_profile_id",
          "workspace_id");

  @Test
  void everyFieldOfAnthropicsRequestIsDocumented() throws IOException {
    String page = Files.readString(Path.of("docs/API.md"));
    int begin = page.indexOf("## POST /v1/messages\n");
    List<String> documented = new ArrayList<>();
    page.substring(begin, page.indexOf("\n## ", begin + 1))
        .lines()
        .map(ROW::matcher)
        .filter(row -> row.find())
        .forEach(row -> documented.addAll(List.of(row.group(1).replace("`", "").split(", "))));

    assertThat(documented).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(FIELDS);
  }
}
