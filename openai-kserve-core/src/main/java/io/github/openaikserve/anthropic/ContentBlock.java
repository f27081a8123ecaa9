package io.github.openaikserve.anthropic;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A block of a message. Immutable. */
public sealed interface ContentBlock {
  /** Returns Anthropic's name of this kind of block. */
  String type();

  /** Returns a text. */
  static ContentBlock text(String text) {
    return new Text(text);
  }

  /** Returns an image by its URL, which may be a {@code data:} URL. */
  static ContentBlock imageUrl(String url) {
    return new Image(Map.of("type", "url", "url", url));
  }

  /** Returns the result of the call with this id. */
  static ContentBlock toolResult(String toolUseId, String text) {
    return new ToolResult(toolUseId, List.of(text(text)), false);
  }

  /** A text. */
  record Text(String text) implements ContentBlock {
    @Override
    public String type() {
      return "text";
    }
  }

  /**
   * An image.
   *
   * @param source a JSON object as Anthropic defines it: of type {@code base64} or {@code url}
   */
  record Image(Map<String, @Nullable Object> source) implements ContentBlock {
    /** Copies the map. */
    public Image {
      source = FieldChecks.json(source);
    }

    @Override
    public String type() {
      return "image";
    }
  }

  /**
   * Reasoning of the model.
   *
   * @param thinking empty if the request omits it from the answer
   * @param signature in answers of this library the id of the message; not checked in requests
   */
  record Thinking(String thinking, String signature) implements ContentBlock {
    @Override
    public String type() {
      return "thinking";
    }
  }

  /** Reasoning that only its maker reads. No answer of this library has it. */
  record RedactedThinking(String data) implements ContentBlock {
    @Override
    public String type() {
      return "redacted_thinking";
    }
  }

  /**
   * A call of a tool.
   *
   * @param id the id to which the result of the call refers
   * @param input a JSON object as plain values
   */
  record ToolUse(String id, String name, Map<String, @Nullable Object> input)
      implements ContentBlock {
    /** Copies the map. */
    public ToolUse {
      input = FieldChecks.json(input);
    }

    @Override
    public String type() {
      return "tool_use";
    }
  }

  /**
   * The result of a call.
   *
   * @param toolUseId the id of the call
   * @param content texts, images and documents; empty for none
   * @param isError whether the tool failed
   */
  record ToolResult(String toolUseId, List<ContentBlock> content, boolean isError)
      implements ContentBlock {
    /** Copies the list. */
    public ToolResult {
      content = List.copyOf(content);
    }

    @Override
    public String type() {
      return "tool_result";
    }
  }

  /**
   * A document, a search result, or a block of a tool that Anthropic runs, such as {@code
   * web_search_tool_result}.
   *
   * @param value all fields of the block, as plain JSON values
   */
  record Other(String type, Map<String, @Nullable Object> value) implements ContentBlock {
    /** Copies the map. */
    public Other {
      value = FieldChecks.json(value);
    }
  }
}
