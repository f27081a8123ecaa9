package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.openai.GenerationRequest;
import io.github.openaikserve.openai.MessageContent;
import io.github.openaikserve.openai.Prompt;
import io.github.openaikserve.openai.StreamOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A writer of requests, the inverse of {@code RequestJson}. */
public final class RequestWriter {
  private RequestWriter() {}

  /** Writes a chat completion request. */
  public static byte[] write(CreateChatCompletionRequest request) {
    Map<String, @Nullable Object> json = common(request);
    json.put("messages", request.messages().stream().map(RequestWriter::message).toList());
    put(json, "max_completion_tokens", request.maxCompletionTokens());
    put(json, "logprobs", request.logprobs());
    put(json, "top_logprobs", request.topLogprobs());
    put(json, "response_format", request.responseFormat());
    put(json, "parallel_tool_calls", request.parallelToolCalls());
    put(json, "reasoning_effort", request.reasoningEffort());
    List<ChatCompletionTool> tools = request.tools();
    put(json, "tools", tools == null ? null : tools.stream().map(RequestWriter::tool).toList());
    put(json, "tool_choice", request.toolChoice());
    return JsonCodec.writeBytes(json);
  }

  /** Writes a text completion request. */
  public static byte[] write(CreateCompletionRequest request) {
    Map<String, @Nullable Object> json = common(request);
    json.put(
        "prompt",
        request.prompt() instanceof Prompt.Texts texts
            ? oneOrAll(texts.texts())
            : ((Prompt.Tokens) request.prompt()).tokens());
    put(json, "logprobs", request.logprobs());
    put(json, "echo", request.echo());
    put(json, "best_of", request.bestOf());
    put(json, "suffix", request.suffix());
    return JsonCodec.writeBytes(json);
  }

  /** Writes an embedding request. */
  public static byte[] write(CreateEmbeddingRequest request) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>(request.extra());
    put(json, "model", request.model());
    json.put("input", of(request.input()));
    put(
        json,
        "encoding_format",
        request.encodingFormat() == null ? null : request.encodingFormat().value());
    put(json, "dimensions", request.dimensions());
    return JsonCodec.writeBytes(json);
  }

  private static Object of(EmbeddingInput input) {
    if (input instanceof EmbeddingInput.Texts texts) {
      return oneOrAll(texts.texts());
    }
    return input instanceof EmbeddingInput.Tokens tokens
        ? tokens.tokens()
        : ((EmbeddingInput.Parts) input).parts().stream().map(RequestWriter::part).toList();
  }

  private static Map<String, @Nullable Object> common(GenerationRequest request) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>(request.extra());
    put(json, "model", request.model());
    put(json, "max_tokens", request.maxTokens());
    put(json, "temperature", request.temperature());
    put(json, "top_p", request.topP());
    put(json, "n", request.n());
    put(json, "stop", request.stop());
    put(json, "stream", request.stream());
    StreamOptions options = request.streamOptions();
    if (options != null && Boolean.TRUE.equals(request.stream())) { // OpenAI rejects them otherwise
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      put(members, "include_usage", options.includeUsage());
      json.put("stream_options", members);
    }
    put(json, "presence_penalty", request.presencePenalty());
    put(json, "frequency_penalty", request.frequencyPenalty());
    put(json, "logit_bias", request.logitBias());
    put(json, "seed", request.seed());
    return json;
  }

  private static Map<String, @Nullable Object> message(ChatCompletionRequestMessage message) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("role", message.role());
    put(json, "content", content(message.content()));
    if (message instanceof SystemMessage system) {
      put(json, "name", system.name());
      json.putAll(system.extra());
    } else if (message instanceof UserMessage user) {
      put(json, "name", user.name());
      json.putAll(user.extra());
    } else if (message instanceof AssistantMessage assistant) {
      put(json, "name", assistant.name());
      calls(json, assistant.toolCalls());
      json.putAll(assistant.extra());
    } else if (message instanceof ToolMessage tool) {
      json.put(tool.role().equals("tool") ? "tool_call_id" : "name", tool.caller());
      json.putAll(tool.extra());
    }
    return json;
  }

  /** Adds the tool calls. A legacy function call has no id. */
  private static void calls(
      Map<String, @Nullable Object> message, List<ChatCompletionMessageToolCall> calls) {
    if (calls.size() == 1 && calls.get(0).id().isEmpty()) {
      message.put("function_call", function(calls.get(0)));
    } else if (!calls.isEmpty()) {
      message.put(
          "tool_calls",
          calls.stream()
              .map(call -> object("id", call.id(), "type", call.type(), call.type(), tool(call)))
              .toList());
    }
  }

  private static Map<String, Object> tool(ChatCompletionMessageToolCall call) {
    return call.isCustom()
        ? object("name", call.name(), "input", call.arguments())
        : function(call);
  }

  private static Map<String, Object> function(ChatCompletionMessageToolCall call) {
    return object("name", call.name(), "arguments", call.arguments());
  }

  private static @Nullable Object content(@Nullable MessageContent content) {
    if (content instanceof MessageContent.Parts parts) {
      return parts.parts().stream().map(RequestWriter::part).toList();
    }
    return content == null ? null : content.text();
  }

  private static Map<String, Object> part(ContentPart part) {
    Object value;
    if (part instanceof ContentPart.Text text) {
      value = text.text();
    } else if (part instanceof ContentPart.Refusal refusal) {
      value = refusal.refusal();
    } else {
      value = ((ContentPart.Media) part).value();
    }
    return object("type", part.type(), part.type(), value);
  }

  private static Map<String, Object> tool(ChatCompletionTool tool) {
    return object("type", tool.type(), tool.type(), tool.definition());
  }

  private static Object oneOrAll(List<String> texts) {
    return texts.size() == 1 ? texts.get(0) : texts;
  }

  private static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  private static void put(Map<String, @Nullable Object> json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
