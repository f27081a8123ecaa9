package io.github.openaikserve.anthropic;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A block of a message. Immutable. */
public sealed interface ContentBlock {
  /** Returns Anthropic's name of the type of this block. */
  String type();

  /** Returns a text block. */
  static ContentBlock text(String text) {
    return new Text(text);
  }

  /** Returns an image block with a URL, which may be a {@code data:} URL. */
  static ContentBlock imageUrl(String url) {
    return new Image(Map.of("type", "url", "url", url));
  }

  /** Returns the result of the tool call with this id. */
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
   * @param source a JSON object as Anthropic defines it, of type {@code base64} or {@code url}
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
   * The model's reasoning.
   *
   * @param thinking the reasoning; empty if the request omits it from the answer
   * @param signature the id of the message in answers of this library; not checked in requests
   */
  record Thinking(String thinking, String signature) implements ContentBlock {
    @Override
    public String type() {
      return "thinking";
    }
  }

  /** Encrypted reasoning of Anthropic's models. Answers of this library never contain it. */
  record RedactedThinking(String data) implements ContentBlock {
    @Override
    public String type() {
      return "redacted_thinking";
    }
  }

  /**
   * A tool call.
   *
   * @param id the id that the result of the call refers to
   * @param input the tool's input: a JSON object as plain values
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
   * The result of a tool call.
   *
   * @param toolUseId the id of the tool call
   * @param content the texts, images and documents; empty for none
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
   * A document, a search result, or a block of a tool that Anthropic hosts, such as {@code
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
