package io.github.openaikserve.chat;

import java.util.List;
import java.util.Map;

/** AnyServe's template; see {@link ChatTemplates#PLAIN}. */
final class PlainTemplate implements ChatTemplate {
  private static final Map<String, String> HEADINGS =
      Map.of("system", "System: ", "user", "User: ", "assistant", "Assistant: ");
  private static final List<String> NEXT_TURN =
      List.of("\n\nUser:", "\n\nSystem:", "\n\nAssistant:");

  @Override
  public ChatPrompt render(Conversation conversation) {
    var prompt = new StringBuilder();
    PlainText.forEachTurn(
        conversation,
        (role, text) -> prompt.append(HEADINGS.get(role)).append(text).append("\n\n"));
    return new ChatPrompt(prompt.append("Assistant:").toString(), NEXT_TURN, true);
  }
}
