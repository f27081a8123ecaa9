package io.github.openaikserve.internal.messages;

import io.github.openaikserve.anthropic.ContentBlock;
import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.anthropic.MessageParam;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The conversion of a request's messages to a chat's messages. Not thread-safe.
 *
 * <p>Consecutive messages of one role are one turn. Tool results in a user's turn become tool
 * messages. They precede the rest of the turn, because a chat requires them directly after the tool
 * calls.
 */
final class MessageConversation {
  /**
   * The prefix of a system block that Claude Code sends for Anthropic and not for the model. The
   * block is dropped: it changes with every request, so prompt caches would never match.
   *
   * <p>Source: requests of Claude Code 2.1.197.
   */
  private static final String BILLING = "x-anthropic-billing-header:";

  private final List<ChatCompletionRequestMessage> messages = new ArrayList<>();
  private final Set<String> leftOut = new LinkedHashSet<>();

  /** The tool calls of the assistant's last turn without a result so far. */
  private final Set<String> open = new LinkedHashSet<>();

  private final List<ChatCompletionRequestMessage> results = new ArrayList<>();
  private final List<ContentPart> user = new ArrayList<>();
  private boolean inUser;

  private final StringBuilder reasoning = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final List<ChatCompletionMessageToolCall> calls = new ArrayList<>();
  private boolean inAssistant;
  private boolean continuesLast;

  private MessageConversation() {}

  /**
   * Returns the conversation of a request.
   *
   * @throws InvalidRequestException naming a message or block that is not allowed at its position
   */
  static MessageConversation of(CreateMessageRequest request) {
    var conversation = new MessageConversation();
    conversation.system(request.system());
    for (int i = 0; i < request.messages().size(); i++) {
      conversation.add("messages[%d]".formatted(i), request.messages().get(i));
    }
    conversation.continuesLast = conversation.inAssistant && conversation.calls.isEmpty();
    conversation.endUser();
    conversation.endAssistant();
    conversation.requireResults();
    return conversation;
  }

  /** Returns the messages. */
  List<ChatCompletionRequestMessage> messages() {
    return messages;
  }

  /** Returns the names of the dropped blocks. */
  Set<String> leftOut() {
    return leftOut;
  }

  /** Returns whether the answer continues the last message, an assistant message. */
  boolean continuesLast() {
    return continuesLast;
  }

  private void system(List<String> texts) {
    String prompt =
        texts.stream()
            .filter(block -> !block.isEmpty() && !block.startsWith(BILLING))
            .collect(Collectors.joining("\n\n"));
    if (!prompt.isEmpty()) {
      messages.add(ChatCompletionRequestMessage.system(prompt));
    }
  }

  private void add(String path, MessageParam message) {
    switch (message.role()) {
      case "user" -> {
        endAssistant();
        inUser = true;
        message.content().forEach(block -> addToUser(path, block));
      }
      case "assistant" -> {
        endUser();
        inAssistant = true;
        message.content().forEach(block -> addToAssistant(path, block));
      }
      case "system" -> {
        endAssistant();
        endUser();
        requireResults();
        system(message.content().stream().map(block -> systemText(path, block)).toList());
      }
      default ->
          throw InvalidRequestException.badValue(
              path + ".role",
              "invalid_value",
              "Invalid '%s.role': expected 'user', 'assistant' or 'system'.".formatted(path));
    }
  }

  private static String systemText(String path, ContentBlock block) {
    if (block instanceof ContentBlock.Text t) {
      return t.text();
    }
    throw MessageMedia.misplaced(path, block.type());
  }

  private void addToUser(String path, ContentBlock block) {
    if (block instanceof ContentBlock.ToolResult result) {
      addResult(path, result);
    } else if (block instanceof ContentBlock.ToolUse
        || block instanceof ContentBlock.Thinking
        || block instanceof ContentBlock.RedactedThinking) {
      throw MessageMedia.misplaced(path, block.type());
    } else {
      MessageMedia.part(path, block).ifPresentOrElse(this::addPart, () -> leaveOut(block));
    }
  }

  /** Adds a part. Consecutive texts are joined with a line break. */
  private void addPart(ContentPart part) {
    int last = user.size() - 1;
    if (part instanceof ContentPart.Text next
        && last >= 0
        && user.get(last) instanceof ContentPart.Text before) {
      user.set(last, new ContentPart.Text(before.text() + "\n" + next.text()));
    } else if (!(part instanceof ContentPart.Text empty) || !empty.text().isEmpty()) {
      user.add(part);
    }
  }

  private void leaveOut(ContentBlock block) {
    leftOut.add("messages." + block.type());
  }

  private void addResult(String path, ContentBlock.ToolResult result) {
    if (!open.remove(result.toolUseId())) {
      throw InvalidRequestException.badValue(
          path,
          null,
          "Invalid '%s': the tool_result with the tool_use_id '%s' has no tool_use in the message before it, or another tool_result."
              .formatted(path, InvalidRequestException.shown(result.toolUseId())));
    }
    var texts = new StringBuilder();
    for (ContentBlock block : result.content()) {
      ContentPart part = MessageMedia.part(path, block).orElse(null);
      if (part instanceof ContentPart.Text t) {
        texts.append(texts.isEmpty() ? "" : "\n").append(t.text());
      } else if (part != null) {
        user.add(part); // tool messages can contain only texts
      } else {
        leaveOut(block);
      }
    }
    String output = texts.toString();
    boolean marked = !result.isError() || output.regionMatches(true, 0, "error", 0, 5);
    results.add(
        ChatCompletionRequestMessage.tool(
            result.toolUseId(), marked ? output : "Error: " + output));
  }

  private void addToAssistant(String path, ContentBlock block) {
    if (block instanceof ContentBlock.Text t) {
      text.append(t.text());
    } else if (block instanceof ContentBlock.Thinking thought) {
      reasoning.append(reasoning.isEmpty() ? "" : "\n").append(thought.thinking());
    } else if (block instanceof ContentBlock.ToolUse call) {
      calls.add(
          new ChatCompletionMessageToolCall(
              call.id(), MessageTools.function(call.name()), JsonCodec.writeValue(call.input())));
    } else if (block instanceof ContentBlock.Image || block instanceof ContentBlock.ToolResult) {
      throw MessageMedia.misplaced(path, block.type());
    } else {
      leaveOut(block);
    }
  }

  private void endUser() {
    if (!inUser) {
      return;
    }
    inUser = false;
    requireResults();
    messages.addAll(results);
    if (!user.isEmpty() || results.isEmpty()) {
      messages.add(new UserMessage(joined(user), null, Map.of()));
    }
    results.clear();
    user.clear();
  }

  /** Returns a single text as plain content, because not every template reads parts. */
  private static MessageContent joined(List<ContentPart> parts) {
    if (parts.isEmpty()) {
      return MessageContent.of("");
    }
    return parts.size() == 1 && parts.get(0) instanceof ContentPart.Text only
        ? MessageContent.of(only.text())
        : new MessageContent.Parts(parts);
  }

  private void endAssistant() {
    if (!inAssistant) {
      return;
    }
    inAssistant = false;
    Map<String, @Nullable Object> extra =
        reasoning.isEmpty() ? Map.of() : Map.of("reasoning_content", reasoning.toString());
    MessageContent content =
        text.isEmpty() && !calls.isEmpty() ? null : MessageContent.of(text.toString());
    messages.add(new AssistantMessage(content, null, calls, extra));
    calls.forEach(call -> open.add(call.id()));
    reasoning.setLength(0);
    text.setLength(0);
    calls.clear();
  }

  private void requireResults() {
    if (!open.isEmpty()) {
      throw InvalidRequestException.badValue(
          "messages",
          null,
          "Invalid 'messages': no tool_result was found for the tool_use %s. The next message has to have one for each tool_use."
              .formatted(InvalidRequestException.shown(open.iterator().next())));
    }
  }
}
