package io.github.openaikserve.anthropic;

import io.github.openaikserve.openai.CompletionUsage;
import org.jspecify.annotations.Nullable;

/**
 * An event of a streamed message. Immutable.
 *
 * <p>A stream begins with {@code message_start}. Each block of the message has {@code
 * content_block_start}, any number of {@code content_block_delta}, and {@code content_block_stop}.
 * The stream ends with {@code message_delta} and {@code message_stop}.
 */
public sealed interface MessageStreamEvent {
  /** Returns Anthropic's name of the type of this event. */
  String type();

  /** Returns the text that this event adds to the message; empty for other events. */
  default String text() {
    return "";
  }

  /**
   * The start of the message, without content and stop reason, and with an estimate of the prompt's
   * tokens.
   */
  record MessageStart(Message message) implements MessageStreamEvent {
    @Override
    public String type() {
      return "message_start";
    }
  }

  /**
   * The start of a block.
   *
   * @param index the number of the block in the message, from 0
   * @param contentBlock the block, empty
   */
  record ContentBlockStart(int index, ContentBlock contentBlock) implements MessageStreamEvent {
    @Override
    public String type() {
      return "content_block_start";
    }
  }

  /**
   * An addition to a block.
   *
   * @param index the number of the block in the message, from 0
   * @param delta the kind of the addition
   */
  record ContentBlockDelta(int index, Delta delta, String value) implements MessageStreamEvent {
    @Override
    public String type() {
      return "content_block_delta";
    }

    @Override
    public String text() {
      return delta == Delta.TEXT ? value : "";
    }
  }

  /** The kinds of additions to a block. */
  enum Delta {
    /** A piece of a text. */
    TEXT("text_delta", "text"),
    /** A piece of thinking. */
    THINKING("thinking_delta", "thinking"),
    /** The whole signature of thinking. */
    SIGNATURE("signature_delta", "signature"),
    /** A piece of the JSON text of a tool call's input. */
    INPUT_JSON("input_json_delta", "partial_json");

    private final String type;
    private final String field;

    Delta(String type, String field) {
      this.type = type;
      this.field = field;
    }

    /** Returns Anthropic's name of the type of this delta. */
    public String type() {
      return type;
    }

    /** Returns the JSON name of the value. */
    public String field() {
      return field;
    }
  }

  /**
   * The end of a block.
   *
   * @param index the number of the block in the message, from 0
   */
  record ContentBlockStop(int index) implements MessageStreamEvent {
    @Override
    public String type() {
      return "content_block_stop";
    }
  }

  /**
   * The end of the message.
   *
   * @param stopSequence the generated stop sequence; null if none was generated or the model server
   *     does not report it
   * @param usage the token usage of the whole message
   */
  record MessageDelta(StopReason stopReason, @Nullable String stopSequence, CompletionUsage usage)
      implements MessageStreamEvent {
    @Override
    public String type() {
      return "message_delta";
    }
  }

  /** The end of the stream. */
  record MessageStop() implements MessageStreamEvent {
    @Override
    public String type() {
      return "message_stop";
    }
  }
}
