package io.github.openaikserve;

import io.github.openaikserve.chat.AnswerParser;
import io.github.openaikserve.chat.ToolCallFormat;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A user's own format of calls: {@code [name|arguments]}; the arguments have no brackets. */
final class BracketCalls implements ToolCallFormat {
  @Override
  public String name() {
    return "brackets";
  }

  @Override
  public Optional<String> opening(@Nullable String function) {
    return Optional.of(function == null ? "[" : "[" + function + "|");
  }

  @Override
  public AnswerParser parser(List<ChatCompletionTool> tools) {
    return new Parser();
  }

  private static final class Parser implements AnswerParser {
    private final StringBuilder raw = new StringBuilder();
    private boolean named;

    @Override
    public void next(String text, AnswerParser.Sink sink) {
      text.chars().forEach(c -> next((char) c, sink));
    }

    private void next(char c, AnswerParser.Sink sink) {
      if (raw.isEmpty() && c != '[') {
        sink.content(String.valueOf(c));
        return;
      }
      raw.append(c);
      if (c == ']') {
        if (named) {
          sink.callEnd();
        } else {
          sink.content(raw.toString());
        }
        raw.setLength(0);
        named = false;
      } else if (named) {
        sink.arguments(String.valueOf(c));
      } else if (c == '|') {
        named = true;
        sink.toolCall(null, raw.substring(1, raw.length() - 1));
      }
    }

    @Override
    public void end(AnswerParser.Sink sink) {
      if (raw.isEmpty()) {
        return;
      }
      if (named) {
        sink.callAbandoned(raw.toString());
      } else {
        sink.content(raw.toString());
      }
    }
  }
}
