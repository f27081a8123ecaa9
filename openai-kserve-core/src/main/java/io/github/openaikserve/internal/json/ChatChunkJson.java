package io.github.openaikserve.internal.json;

import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionChunk.Choice;
import io.github.openaikserve.openai.ChatCompletionChunk.Delta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of a chat.
 *
 * @param usageAsked whether a chunk without usage says so with null
 */
public record ChatChunkJson(boolean usageAsked) implements ChunkJson<ChatCompletionChunk> {
  @Override
  public byte[] write(ChatCompletionChunk chunk) {
    return JsonCodec.write(chunk, usageAsked);
  }

  @Override
  public int textChoice(ChatCompletionChunk chunk) {
    Choice choice = only(chunk);
    return choice != null && choice.delta().content() != null ? choice.index() : -1;
  }

  @Override
  public int reasoningChoice(ChatCompletionChunk chunk) {
    Choice choice = only(chunk);
    return choice != null && choice.delta().reasoningContent() != null ? choice.index() : -1;
  }

  /** The only choice, if it has nothing but one kind of text. */
  private static @Nullable Choice only(ChatCompletionChunk chunk) {
    if (chunk.choices().size() != 1 || chunk.usage() != null) {
      return null;
    }
    Choice choice = chunk.choices().get(0);
    String content = choice.delta().content();
    String text = content == null ? choice.delta().reasoningContent() : content;
    return text != null && choice.equals(with(choice, text)) ? choice : null;
  }

  @Override
  public ChatCompletionChunk withText(ChatCompletionChunk chunk, String text) {
    return new ChatCompletionChunk(
        chunk.id(),
        chunk.created(),
        chunk.model(),
        List.of(with(chunk.choices().get(0), text)),
        null);
  }

  private static Choice with(Choice choice, String text) {
    Delta delta =
        choice.delta().content() == null
            ? new Delta(null, null, text, List.of())
            : new Delta(null, text);
    return new Choice(choice.index(), delta, null, null);
  }
}
