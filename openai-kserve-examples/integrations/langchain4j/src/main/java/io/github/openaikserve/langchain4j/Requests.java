package io.github.openaikserve.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Converts LangChain4j's requests to OpenAI's. */
final class Requests {
  private Requests() {}

  /**
   * Returns OpenAI's request.
   *
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if OpenAI's API does not support
   *     a message or its content
   * @throws io.github.openaikserve.error.InvalidRequestException if a value is out of its range
   */
  static CreateChatCompletionRequest request(
      ChatRequest request, Consumer<CreateChatCompletionRequest.Builder> change) {
    CreateChatCompletionRequest.Builder builder =
        CreateChatCompletionRequest.builder()
            .model(request.modelName())
            .messages(request.messages().stream().map(Messages::message).toList())
            .temperature(request.temperature())
            .topP(request.topP())
            .frequencyPenalty(request.frequencyPenalty())
            .presencePenalty(request.presencePenalty())
            .maxCompletionTokens(request.maxOutputTokens());
    Integer topK = request.topK();
    if (topK != null) {
      builder.extra("top_k", topK);
    }
    List<String> stop = request.stopSequences();
    if (stop != null && !stop.isEmpty()) {
      builder.stop(stop);
    }
    tools(request.toolSpecifications(), request.toolChoice(), builder);
    ResponseFormat format = request.responseFormat();
    if (format != null && format.type() == ResponseFormatType.JSON) {
      builder.responseFormat(format(format.jsonSchema()));
    }
    change.accept(builder);
    return builder.build();
  }

  private static void tools(
      @Nullable List<ToolSpecification> tools,
      @Nullable ToolChoice choice,
      CreateChatCompletionRequest.Builder builder) {
    if (tools == null || tools.isEmpty()) {
      return; // a tool choice without tools would be rejected
    }
    builder.tools(tools.stream().map(Requests::tool).toList());
    if (choice != null) {
      builder.toolChoice(choice.name().toLowerCase(Locale.ROOT));
    }
  }

  private static ChatCompletionTool tool(ToolSpecification tool) {
    return ChatCompletionTool.function(
        tool.name(),
        tool.description(),
        tool.parameters() == null ? null : Schemas.schema(tool.parameters()));
  }

  private static Map<String, Object> format(@Nullable JsonSchema schema) {
    if (schema == null) {
      return Map.of("type", "json_object");
    }
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put("name", schema.name());
    definition.put("schema", Schemas.schema(schema.rootElement()));
    return Map.of("type", "json_schema", "json_schema", definition);
  }
}
