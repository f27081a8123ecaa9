package io.github.openaikserve.internal.request;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.AnswerCheck;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An emulated {@code response_format}, for models without a tensor for it. An instruction in the
 * conversation requests it, and the complete answer is checked. Immutable.
 */
public final class AnswerFormat {
  private static final String JSON_ONLY =
      "Answer with one JSON object and nothing else: no explanation and no code fence.";
  private static final String SCHEMA = " It has to be valid against this JSON Schema:\n";

  private final String instruction;
  private final AnswerCheck check;

  private AnswerFormat(String instruction, AnswerCheck check) {
    this.instruction = instruction;
    this.check = check;
  }

  /**
   * Returns the format that a request requires.
   *
   * @throws InvalidRequestException if its type is unknown or its schema is not valid
   */
  public static AnswerFormat of(Map<?, ?> format) {
    if ("json_object".equals(format.get("type"))) {
      return new AnswerFormat(JSON_ONLY, AnswerCheck.anyObject());
    }
    if ("json_schema".equals(format.get("type"))
        && format.get("json_schema") instanceof Map<?, ?> named
        && named.get("schema") instanceof Map<?, ?> schema) {
      return new AnswerFormat(
          JSON_ONLY + SCHEMA + JsonCodec.writeValue(schema), AnswerCheck.schema(schema));
    }
    throw InvalidRequestException.badValue(
        "response_format",
        "invalid_value",
        "Invalid 'response_format': expected the type 'text', 'json_object', or 'json_schema' with"
            + " a schema.");
  }

  /** Returns whether answers are checked against a client's JSON Schema. */
  public boolean hasSchema() {
    return check.hasSchema();
  }

  /** Returns the problem of an answer; empty if it is valid. */
  public Optional<String> problem(String answer) {
    return check.problem(answer);
  }

  /**
   * Returns the conversation with the instruction added to its system message. Without a system
   * message it is added to the user's last message, because not every template supports system
   * messages.
   */
  public List<ChatCompletionRequestMessage> askedFor(List<ChatCompletionRequestMessage> messages) {
    List<ChatCompletionRequestMessage> asked = new ArrayList<>(messages);
    if (messages.get(0) instanceof SystemMessage system) {
      MessageContent content = longer(system.content());
      asked.set(0, new SystemMessage(system.role(), content, system.name(), system.extra()));
      return asked;
    }
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i) instanceof UserMessage user) {
        asked.set(i, new UserMessage(longer(user.content()), user.name(), user.extra()));
        return asked;
      }
    }
    asked.add(ChatCompletionRequestMessage.user(instruction));
    return asked;
  }

  private MessageContent longer(MessageContent content) {
    if (content instanceof MessageContent.Parts parts) {
      List<ContentPart> more = new ArrayList<>(parts.parts());
      more.add(new ContentPart.Text("\n\n" + instruction));
      return new MessageContent.Parts(more);
    }
    return MessageContent.of(content.text() + "\n\n" + instruction);
  }

  /**
   * Returns the conversation with an invalid answer and the reason appended, for a second attempt.
   */
  public static List<ChatCompletionRequestMessage> askedAgain(
      List<ChatCompletionRequestMessage> messages, String answer, String problem) {
    List<ChatCompletionRequestMessage> again = new ArrayList<>(messages);
    again.add(ChatCompletionRequestMessage.assistant(answer));
    again.add(
        ChatCompletionRequestMessage.user(
            "That answer is not valid: " + problem + " Answer again, with the JSON alone."));
    return again;
  }
}
