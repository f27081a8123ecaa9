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
import io.github.openaikserve.internal.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that accumulates the events of a message and emits the whole message at its end. Not
 * thread-safe.
 */
final class MessageAccumulator implements Consumer<MessageStreamEvent> {
  private final Consumer<? super Message> output;
  private final List<ContentBlock> content = new ArrayList<>(2);
  private final StringBuilder texts = new StringBuilder();
  private final StringBuilder value = new StringBuilder();
  private String signature = "";
  private @Nullable Message started;
  private @Nullable ContentBlock empty;

  MessageAccumulator(Consumer<? super Message> output) {
    this.output = output;
  }

  /** Returns the text so far. */
  String text() {
    return texts.toString();
  }

  @Override
  public void accept(MessageStreamEvent event) {
    if (event instanceof ContentBlockDelta delta) {
      texts.append(delta.text());
      if (delta.delta() == Delta.SIGNATURE) {
        signature = delta.value();
      } else {
        value.append(delta.value());
      }
    } else if (event instanceof ContentBlockStart start) {
      empty = start.contentBlock();
      value.setLength(0);
    } else if (event instanceof ContentBlockStop) {
      content.add(whole(Objects.requireNonNull(empty)));
    } else if (event instanceof MessageStart start) {
      started = start.message();
    } else if (event instanceof MessageDelta delta) {
      output.accept(message(Objects.requireNonNull(started), delta));
    }
  }

  private ContentBlock whole(ContentBlock begun) {
    String text = value.toString();
    if (begun instanceof ContentBlock.Thinking) {
      return new ContentBlock.Thinking(text, signature);
    }
    if (begun instanceof ContentBlock.ToolUse call) {
      return new ContentBlock.ToolUse(
          call.id(), call.name(), JsonCodec.readObject(text).orElse(Map.of()));
    }
    return new ContentBlock.Text(text);
  }

  private Message message(Message begun, MessageDelta delta) {
    return new Message(
        begun.id(),
        begun.model(),
        content,
        delta.stopReason(),
        delta.stopSequence(),
        delta.usage(),
        begun.droppedParams());
  }
}
