package io.github.openaikserve.internal.responses;

import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The item that the model writes now, and its text so far. Not thread-safe.
 *
 * <p>Its events differ in their text and their number only, which is what templates of events are
 * made for: one for each of these objects.
 */
public final class OpenItem {
  final Field field;
  final String id;
  final int outputIndex;

  /** The call's id and tool; null for anything but a call. */
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
