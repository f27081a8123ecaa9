package io.github.openaikserve.chat;

import java.util.List;

/** ChatML; see {@link ChatTemplates#CHATML}. */
final class ChatMlTemplate implements ChatTemplate {
  private static final List<String> END_OF_TURN = List.of("<|im_end|>");

  @Override
  public ChatPrompt render(Conversation conversation) {
    var prompt = new StringBuilder();
    PlainText.forEachTurn(
        conversation,
        (role, text) ->
            prompt
                .append("<|im_start|>")
                .append(role)
                .append('\n')
                .append(text)
                .append("<|im_end|>\n"));
    return new ChatPrompt(prompt.append("<|im_start|>assistant\n").toString(), END_OF_TURN, false);
  }
}
