package io.github.openaikserve.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.CompletionUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts answers of the service to LangChain4j's responses. */
final class Responses {
  private Responses() {}

  static ChatResponse response(ChatCompletion answer) {
    ChatCompletion.Message message = answer.message();
    return ChatResponse.builder()
        .aiMessage(
            message(
                message.content(),
                message.reasoningContent(),
                message.toolCalls().stream().map(Responses::toolCall).toList()))
        .metadata(
            metadata(answer.usage())
                .id(answer.id())
                .modelName(answer.model())
                .finishReason(reason(answer.finishReason()))
                .droppedParams(answer.droppedParams())
                .build())
        .build();
  }

  static AiMessage message(
      @Nullable String text, @Nullable String thinking, List<ToolExecutionRequest> toolCalls) {
    AiMessage.Builder message = AiMessage.builder().toolExecutionRequests(toolCalls);
    if (text != null) {
      message.text(text);
    }
    if (thinking != null) {
      message.thinking(thinking);
    }
    return message.build();
  }

  static KServeChatResponseMetadata.Builder metadata(@Nullable CompletionUsage usage) {
    var metadata = new KServeChatResponseMetadata.Builder();
    return usage == null
        ? metadata
        : metadata
            .tokenUsage(
                new TokenUsage(usage.promptTokens(), usage.completionTokens(), usage.totalTokens()))
            .usageEstimated(usage.estimated());
  }

  static FinishReason reason(io.github.openaikserve.openai.FinishReason reason) {
    return switch (reason) {
      case STOP -> FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case TOOL_CALLS, FUNCTION_CALL -> FinishReason.TOOL_EXECUTION;
      case CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
    };
  }

  private static ToolExecutionRequest toolCall(ChatCompletionMessageToolCall call) {
    return ToolExecutionRequest.builder()
        .id(call.id())
        .name(call.name())
        .arguments(call.arguments())
        .build();
  }
}
