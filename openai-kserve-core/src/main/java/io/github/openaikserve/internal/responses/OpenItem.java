package io.github.openaikserve.internal.responses;

import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The open item that the model is writing, with its text so far. Not thread-safe.
 *
 * <p>The events of one open item differ only in their text and sequence number, so one template per
 * open item can write them.
 */
public final class OpenItem {
  final Field field;
  final String id;
  final int outputIndex;

  /** The id and the tool of a tool call; null for other items. */
  final @Nullable String callId;

  final ResponseTools.@Nullable Named tool;

  final StringBuilder text = new StringBuilder();
  final List<ChatCompletionTokenLogprob> logprobs = new ArrayList<>(0);

  OpenItem(
      Field field,
      String id,
      int outputIndex,
      @Nullable String callId,
      ResponseTools.@Nullable Named tool) {
    this.field = field;
    this.id = id;
    this.outputIndex = outputIndex;
    this.callId = callId;
    this.tool = tool;
  }
}
