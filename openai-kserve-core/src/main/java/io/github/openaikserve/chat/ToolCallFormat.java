package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A format in which a model writes tool calls into its text. Stateless and thread-safe. */
public interface ToolCallFormat {
  /** A name for logs, messages and configuration, such as {@code hermes}. */
  String name();

  /**
   * A parser for one answer.
   *
   * @param tools what the model may call, for formats that need the types of the parameters; at
   *     least one
   */
  AnswerParser parser(List<ChatCompletionTool> tools);

  /**
   * The text with which a call begins, so that a model whose answer is made to begin with it has to
   * make a call. The parser then gets this text first, in one piece with what the model adds.
   *
   * @param function the function that has to be called; null for any of them
   * @return empty when the format has no such beginning
   */
  default Optional<String> opening(@Nullable String function) {
    return Optional.empty();
  }

  /**
   * Returns the text that ends an answer of one call whose arguments are a JSON object after {@link
   * #opening} of its function. A server that can constrain what it generates is asked for just
   * that.
   *
   * @return empty if the arguments are written in another way
   */
  default Optional<String> closing() {
    return Optional.empty();
  }
}
