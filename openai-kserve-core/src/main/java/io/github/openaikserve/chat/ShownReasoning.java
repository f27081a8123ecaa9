package io.github.openaikserve.chat;

import static io.github.openaikserve.chat.Renderings.REASONING;
import static io.github.openaikserve.chat.Renderings.TEXT;

import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a template writes and removes of the markers of reasoning, if no format can be derived from
 * it.
 */
final class ShownReasoning {
  private final Renderings renderings;
  private final String source;
  private final String shown;

  /**
   * Renders small conversations.
   *
   * @param tools the tools of a conversation with a call; null if the template does not support
   *     tools
   */
  ShownReasoning(Renderings renderings, String source, @Nullable List<ChatCompletionTool> tools) {
    this.renderings = renderings;
    this.source = source;
    shown = shown(renderings, tools);
  }

  /** Returns whether the template writes the markers of a format, or removes reasoning in it. */
  boolean has(ReasoningFormat format) {
    return format.contentBegins().stream().allMatch(shown::contains)
        && (isShown(format) || isRemoved(format));
  }

  /** Returns what the template writes where the model reasons, or does not. */
  private static String shown(Renderings renderings, @Nullable List<ChatCompletionTool> tools) {
    var shown = new StringBuilder(String.valueOf(renderings.blocks()));
    for (boolean thinking : List.of(true, false)) {
      Map<String, @Nullable Object> variables =
          Map.of("enable_thinking", thinking, "thinking", thinking);
      shown.append(renderings.render(List.of(), List.of(), variables));
      shown.append(renderings.turn(List.of(), Renderings.reasoning(), variables));
      if (tools != null) {
        shown.append(renderings.turn(tools, Renderings.reasoningCall(), variables));
      }
    }
    return shown.toString();
  }

  private boolean isShown(ReasoningFormat format) {
    List<String> markers = new ArrayList<>(format.begins());
    markers.addAll(format.ends());
    return markers.stream().anyMatch(shown::contains);
  }

  /** Returns whether the template removes reasoning in this format from an earlier answer. */
  private boolean isRemoved(ReasoningFormat format) {
    // Without the markers in its source, a template cannot remove them: this saves renderings.
    if (format.channels() || format.ends().stream().noneMatch(source::contains)) {
      return false;
    }
    String answer = format.begins().get(0) + REASONING + format.ends().get(0);
    answer += String.join("", format.contentBegins()) + TEXT;
    String turn =
        renderings.turn(
            List.of(),
            List.of(
                ChatCompletionRequestMessage.assistant(answer),
                ChatCompletionRequestMessage.user(Renderings.NEXT),
                ChatCompletionRequestMessage.assistant("probe_last")),
            Map.of());
    return turn != null && turn.contains(TEXT) && !turn.contains(REASONING);
  }
}
