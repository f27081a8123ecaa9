package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A format of calls that is nothing but its parts.
 *
 * @param parser makes a parser for an answer that may call these tools
 * @param openingOf what a call of a function begins with, which is null for any of them; null where
 *     there is no such beginning
 * @param closingText what ends a call's JSON arguments; null if they are not JSON
 */
record NamedFormat(
    String name,
    Function<List<ChatCompletionTool>, AnswerParser> parser,
    Function<@Nullable String, @Nullable String> openingOf,
    @Nullable String closingText)
    implements ToolCallFormat {
  /** A format whose arguments are not JSON. */
  NamedFormat(
      String name,
      Function<List<ChatCompletionTool>, AnswerParser> parser,
      Function<@Nullable String, @Nullable String> openingOf) {
    this(name, parser, openingOf, null);
  }

  @Override
  public AnswerParser parser(List<ChatCompletionTool> tools) {
    return parser.apply(tools);
  }

  @Override
  public Optional<String> opening(@Nullable String function) {
    return Optional.ofNullable(openingOf.apply(function));
  }

  @Override
  public Optional<String> closing() {
    return Optional.ofNullable(closingText);
  }

  @Override
  public String toString() {
    return name;
  }
}
