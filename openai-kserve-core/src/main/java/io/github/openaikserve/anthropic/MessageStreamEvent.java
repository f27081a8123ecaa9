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
  /** Returns Anthropic's name of this kind of event. */
  String type();

  /** Returns the text that the message gains by this event; empty for events of other kinds. */
  default String text() {
    return "";
  }

  /**
   * The message begins: without content and stop reason, with an estimate of the prompt's tokens.
   */
  record MessageStart(Message message) implements MessageStreamEvent {
    @Override
    public String type() {
      return "message_start";
    }
  }

  /**
   * A block begins.
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
   * A block grows.
   *
   * @param index the number of the block in the message, from 0
   * @param delta what the block gains
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

  /** What a block gains. */
  enum Delta {
    /** A piece of a text. */
    TEXT("text_delta", "text"),
    /** A piece of thinking. */
    THINKING("thinking_delta", "thinking"),
    /** The whole signature of thinking. */
    SIGNATURE("signature_delta", "signature"),
    /** A piece of the JSON text of a call's input. */
    INPUT_JSON("input_json_delta", "partial_json");

    private final String type;
    private final String field;

    Delta(String type, String field) {
      this.type = type;
      this.field = field;
    }

    /** Returns Anthropic's name of this kind of delta. */
    public String type() {
      return type;
    }

    /** Returns the JSON name of the value. */
    public String field() {
      return field;
    }
  }

  /**
   * A block is whole.
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
   * The message ends.
   *
   * @param stopSequence the stop sequence that was generated; null unless one was, or if only the
   *     model server knows it
   * @param usage the tokens of the whole message
   */
  record MessageDelta(StopReason stopReason, @Nullable String stopSequence, CompletionUsage usage)
      implements MessageStreamEvent {
    @Override
    public String type() {
      return "message_delta";
    }
  }

  /** The stream ends. */
  record MessageStop() implements MessageStreamEvent {
    @Override
    public String type() {
      return "message_stop";
    }
  }
}
