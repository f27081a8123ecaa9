package io.github.openaikserve.internal.json.read;

import io.github.openaikserve.anthropic.ContentBlock;
import io.github.openaikserve.anthropic.MessageParam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A reader of a message of Anthropic's API and its blocks. */
final class MessageBlockReader {
  private static final List<String> ROLES = List.of("user", "assistant", "system");

  /** The blocks that {@link #read} reads field by field. */
  private static final List<String> KNOWN =
      List.of(
          "text",
          "image",
          "document",
          "search_result",
          "thinking",
          "redacted_thinking",
          "tool_use",
          "tool_result");

  /**
   * The types of blocks that are not passed to the model, such as those of tools that Anthropic
   * hosts.
   *
   * <p>Source: {@code anthropics/anthropic-sdk-python}: {@code ContentBlockParam} and {@code
   * BetaContentBlockParam}.
   */
  private static final List<String> OTHERS =
      List.of(
          "document",
          "search_result",
          "server_tool_use",
          "web_search_tool_result",
          "web_fetch_tool_result",
          "code_execution_tool_result",
          "bash_code_execution_tool_result",
          "text_editor_code_execution_tool_result",
          "tool_search_tool_result",
          "tool_reference",
          "browser_state",
          "mcp_tool_use",
          "mcp_tool_result",
          "container_upload",
          "compaction");

  private MessageBlockReader() {}

  static MessageParam message(JsonObject json) {
    String role = json.requiredWord("role", ROLES);
    return new MessageParam(role, json.required("content", content(json)));
  }

  /** Returns the blocks of content that is a text or an array; null if absent. */
  private static @Nullable List<ContentBlock> content(JsonObject json) {
    return json.<ContentBlock, List<ContentBlock>>textOrObjects(
        "content",
        text -> List.of(ContentBlock.text(text)),
        MessageBlockReader::read,
        blocks -> blocks);
  }

  private static ContentBlock read(JsonObject json) {
    String type = json.requiredText("type");
    return switch (type) {
      case "text" -> new ContentBlock.Text(json.requiredText("text"));
      case "image" -> image(json);
      case "thinking" -> {
        String signature = json.text("signature");
        yield new ContentBlock.Thinking(
            json.requiredText("thinking"), signature == null ? "" : signature);
      }
      case "redacted_thinking" -> new ContentBlock.RedactedThinking(json.requiredText("data"));
      case "tool_use" ->
          new ContentBlock.ToolUse(
              json.requiredText("id"),
              json.requiredText("name"),
              json.requiredObject("input").plain());
      case "tool_result" -> toolResult(json);
      default -> other(json, type);
    };
  }

  private static ContentBlock image(JsonObject json) {
    JsonObject source = json.requiredObject("source");
    switch (source.requiredWord("type", List.of("base64", "url", "file"))) {
      case "base64" -> {
        source.requiredText("media_type");
        source.requiredText("data");
      }
      case "url" -> source.requiredText("url");
      default -> source.requiredText("file_id");
    }
    return new ContentBlock.Image(source.plain());
  }

  private static ContentBlock toolResult(JsonObject json) {
    List<ContentBlock> content = content(json);
    return new ContentBlock.ToolResult(
        json.requiredText("tool_use_id"),
        content == null ? List.of() : content,
        Boolean.TRUE.equals(json.bool("is_error")));
  }

  private static ContentBlock other(JsonObject json, String type) {
    if (!OTHERS.contains(type)) {
      throw json.unknownValue("type", type, KNOWN);
    }
    return new ContentBlock.Other(type, json.plain());
  }
}
