package io.github.openaikserve.internal.json;

import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.Completion.Choice;
import java.util.List;

/**
 * Pieces of a completion.
 *
 * @param usageAsked whether a piece without usage says so with null
 */
public record CompletionChunkJson(boolean usageAsked) implements ChunkJson<Completion> {
  @Override
  public byte[] write(Completion piece) {
    return JsonCodec.writeChunk(piece, usageAsked);
  }

  @Override
  public int textChoice(Completion piece) {
    if (piece.choices().size() != 1 || piece.usage() != null) {
      return -1;
    }
    Choice choice = piece.choices().get(0);
    return choice.equals(text(choice.index(), choice.text())) ? choice.index() : -1;
  }

  /** Completions have no reasoning. */
  @Override
  public int reasoningChoice(Completion piece) {
    return -1;
  }

  @Override
  public Completion withText(Completion piece, String text) {
    return new Completion(
        piece.id(),
        piece.created(),
        piece.model(),
        List.of(text(piece.choices().get(0).index(), text)),
        null,
        piece.droppedParams());
  }

  private static Choice text(int index, String text) {
    return new Choice(index, text, null, null);
  }
}
