package io.github.openaikserve.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.output.FinishReason;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionMessageToolCallChunk;
import io.github.openaikserve.openai.CompletionUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Converts the chunks of an answer to LangChain4j's events; the last one is the response. */
final class ChunkReader {
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private final List<ToolExecutionRequest> toolCalls = new ArrayList<>();
  private final StringBuilder arguments = new StringBuilder();
  private String callId = "";
  private String callName = "";
  private boolean inCall;
  private String id = "";
  private String model = "";
  private @Nullable FinishReason finishReason;
  private @Nullable CompletionUsage usage;

  /** Reads a chunk; emits a {@code Partial...} or {@link CompleteToolCall} event for each piece. */
  void read(ChatCompletionChunk chunk, Consumer<Object> events) {
    id = chunk.id();
    model = chunk.model();
    if (chunk.usage() != null) {
      usage = chunk.usage();
    }
    for (ChatCompletionChunk.Choice choice : chunk.choices()) {
      readDelta(choice.delta(), events);
      if (choice.finishReason() != null) {
        finishReason = Responses.reason(choice.finishReason());
        endCall(events);
      }
    }
  }

  private void readDelta(ChatCompletionChunk.Delta delta, Consumer<Object> events) {
    String reasoning = delta.reasoningContent();
    if (reasoning != null && !reasoning.isEmpty()) {
      thinking.append(reasoning);
      events.accept(new PartialThinking(reasoning));
    }
    String content = delta.content();
    if (content != null && !content.isEmpty()) {
      text.append(content);
      events.accept(new PartialResponse(content));
    }
    for (ChatCompletionMessageToolCallChunk piece : delta.toolCalls()) {
      readCall(piece, events);
    }
  }

  private void readCall(ChatCompletionMessageToolCallChunk piece, Consumer<Object> events) {
    if (piece.name() != null) { // the first piece of a call
      endCall(events);
      inCall = true;
      callId = piece.id() == null ? "" : piece.id();
      callName = piece.name();
    }
    if (!piece.arguments().isEmpty()) {
      arguments.append(piece.arguments());
      events.accept(
          PartialToolCall.builder()
              .index(toolCalls.size())
              .id(callId)
              .name(callName)
              .partialArguments(piece.arguments())
              .build());
    }
  }

  private void endCall(Consumer<Object> events) {
    if (!inCall) {
      return;
    }
    ToolExecutionRequest call =
        ToolExecutionRequest.builder()
            .id(callId)
            .name(callName)
            .arguments(arguments.toString())
            .build();
    events.accept(new CompleteToolCall(toolCalls.size(), call));
    toolCalls.add(call);
    arguments.setLength(0);
    inCall = false;
  }

  /** Returns the whole response, after the last chunk. */
  ChatResponse response(List<String> droppedParams) {
    KServeChatResponseMetadata.Builder metadata =
        Responses.metadata(usage).id(id).modelName(model).droppedParams(droppedParams);
    if (finishReason != null) {
      metadata.finishReason(finishReason);
    }
    boolean onlyCalls = text.isEmpty() && !toolCalls.isEmpty();
    return ChatResponse.builder()
        .aiMessage(
            Responses.message(
                onlyCalls ? null : text.toString(),
                thinking.isEmpty() ? null : thinking.toString(),
                toolCalls))
        .metadata(metadata.build())
        .build();
  }
}
