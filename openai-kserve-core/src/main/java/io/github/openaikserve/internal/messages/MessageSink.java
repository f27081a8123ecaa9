package io.github.openaikserve.internal.messages;

import io.github.openaikserve.anthropic.ContentBlock;
import io.github.openaikserve.anthropic.Message;
import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.anthropic.MessageStreamEvent.ContentBlockDelta;
import io.github.openaikserve.anthropic.MessageStreamEvent.ContentBlockStart;
import io.github.openaikserve.anthropic.MessageStreamEvent.ContentBlockStop;
import io.github.openaikserve.anthropic.MessageStreamEvent.Delta;
import io.github.openaikserve.anthropic.MessageStreamEvent.MessageDelta;
import io.github.openaikserve.anthropic.MessageStreamEvent.MessageStart;
import io.github.openaikserve.anthropic.MessageStreamEvent.MessageStop;
import io.github.openaikserve.anthropic.StopReason;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A sink that emits the events of a message. The start of a block ends the previous one. Not
 * thread-safe.
 */
public final class MessageSink implements AnswerSink {
  private static final String CALL = "call_";
  private static final String TOOL_USE = "toolu_";

  private final MessageChat chat;
  private final AnswerMetadata head;
  private final Consumer<? super MessageStreamEvent> output;

  /** Accumulates a whole message; null for a stream. */
  private final @Nullable MessageAccumulator whole;

  /** White space before a text, which is dropped if no text follows. */
  private final StringBuilder blank = new StringBuilder(0);

  private @Nullable OpenBlock open;
  private int blocks;
  private boolean answered;
  private boolean calls;
  private boolean begun;
  private @Nullable String stopSequence;
  private FinishReason reason = FinishReason.STOP;

  /** The open block: its index and the kind of its deltas. */
  public record OpenBlock(int index, Delta delta) {
    /** Returns the event that adds text to the block. */
    public MessageStreamEvent grownBy(String text) {
      return new ContentBlockDelta(index, delta, text);
    }
  }

  /** Creates a sink for a stream. */
  MessageSink(MessageChat chat, AnswerMetadata head, Consumer<? super MessageStreamEvent> output) {
    this(chat, head, output, null);
  }

  /** Creates a sink for a whole message. */
  MessageSink(MessageChat chat, AnswerMetadata head, MessageAccumulator whole) {
    this(chat, head, whole, whole);
  }

  private MessageSink(
      MessageChat chat,
      AnswerMetadata head,
      Consumer<? super MessageStreamEvent> output,
      @Nullable MessageAccumulator whole) {
    this.chat = chat;
    this.head = head;
    this.output = output;
    this.whole = whole;
  }

  /** Returns the open block for a kind of delta; null if such text starts a new block. */
  public @Nullable OpenBlock open(Delta delta) {
    return open != null && open.delta() == delta ? open : null;
  }

  /** Returns whether thinking is omitted from the answer. */
  public boolean omitsThinking() {
    return chat.omitsThinking();
  }

  @Override
  public void text(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    OpenBlock block = open(Delta.TEXT);
    if (block == null) {
      blank.append(text);
      if (!text.isBlank()) {
        beginText();
      }
    } else if (!text.isEmpty()) {
      output.accept(block.grownBy(text));
    }
  }

  private void beginText() {
    String text = blank.toString();
    OpenBlock block = begin(Delta.TEXT, new ContentBlock.Text(""));
    answered = true;
    if (!text.isEmpty()) {
      output.accept(block.grownBy(text));
    }
  }

  @Override
  public void reasoning(int choice, String text) {
    OpenBlock block = open(Delta.THINKING);
    if (block == null) {
      block = begin(Delta.THINKING, new ContentBlock.Thinking("", ""));
    }
    if (!chat.omitsThinking() && !text.isEmpty()) {
      output.accept(block.grownBy(text));
    }
  }

  @Override
  public void toolCall(int choice, int index, String id, String name) {
    String toolUse = id.startsWith(CALL) ? TOOL_USE + id.substring(CALL.length()) : id;
    begin(Delta.INPUT_JSON, new ContentBlock.ToolUse(toolUse, chat.tool(name), Map.of()));
    answered = true;
    calls = true;
  }

  @Override
  public void arguments(int choice, int index, String piece) {
    OpenBlock block = open(Delta.INPUT_JSON);
    if (block == null) {
      throw new IllegalStateException("arguments without a call");
    }
    output.accept(block.grownBy(piece));
  }

  @Override
  public void customCall(int choice, int index, String id, String name, String input) {
    toolCall(choice, index, id, name);
    arguments(choice, index, JsonCodec.writeValue(Map.of("input", input)));
  }

  /** The text of the call follows. Clients must not run an incomplete call. */
  @Override
  public void cutCall(int choice) {
    calls = false;
  }

  @Override
  public void stopSequence(int choice, String sequence) {
    stopSequence = chat.isStopSequence(sequence) ? sequence : null;
  }

  @Override
  public void finish(int choice, FinishReason finishReason) {
    reason = finishReason;
  }

  @Override
  public void complete(CompletionUsage usage) {
    StopReason why = stopReason();
    if (!answered && why != StopReason.REFUSAL && why != StopReason.MAX_TOKENS) {
      beginText(); // clients expect at least one text block
    }
    begin();
    end();
    output.accept(new MessageDelta(why, stopSequence, usage));
    output.accept(new MessageStop());
  }

  private StopReason stopReason() {
    return switch (reason) {
      case LENGTH -> StopReason.MAX_TOKENS;
      case CONTENT_FILTER -> StopReason.REFUSAL;
      default -> {
        if (stopSequence != null) {
          yield StopReason.STOP_SEQUENCE;
        }
        yield calls ? StopReason.TOOL_USE : StopReason.END_TURN;
      }
    };
  }

  /** Returns a copy of the failure with the text received before it. */
  @Override
  public Throwable fail(Throwable failure) {
    String text = whole == null ? "" : whole.text();
    return failure instanceof OpenAiException error && !text.isEmpty()
        ? error.withPartialText(text)
        : failure;
  }

  /** Emits the first event, unless it was already emitted. */
  public void begin() {
    if (!begun) {
      begun = true;
      output.accept(
          new MessageStart(
              new Message(
                  head.id(), head.model(), List.of(), null, null, soFar(), head.droppedParams())));
    }
  }

  /** Returns the usage known at the start of a stream; null if the answer is not streamed. */
  private @Nullable CompletionUsage soFar() {
    return whole == null
        ? new CompletionUsage(Math.max(0, head.promptTokens().getAsInt()), 0, true)
        : null;
  }

  private OpenBlock begin(Delta delta, ContentBlock empty) {
    begin();
    end();
    blank.setLength(0);
    var block = new OpenBlock(blocks++, delta);
    open = block;
    output.accept(new ContentBlockStart(block.index(), empty));
    return block;
  }

  /** Ends the open block, if there is one. */
  private void end() {
    OpenBlock block = open;
    if (block == null) {
      return;
    }
    if (block.delta() == Delta.THINKING) {
      output.accept(new ContentBlockDelta(block.index(), Delta.SIGNATURE, head.id()));
    }
    output.accept(new ContentBlockStop(block.index()));
    open = null;
  }
}
