package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.openai.responses.ResponseContent;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseItem.CallOutput;
import io.github.openaikserve.openai.responses.ResponseItem.CustomToolCall;
import io.github.openaikserve.openai.responses.ResponseItem.FunctionCall;
import io.github.openaikserve.openai.responses.ResponseItem.ItemReference;
import io.github.openaikserve.openai.responses.ResponseItem.Message;
import io.github.openaikserve.openai.responses.ResponseItem.Other;
import io.github.openaikserve.openai.responses.ResponseItem.Reasoning;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of an input item of the Responses API. */
final class ResponseItemReader {
  private static final List<String> ROLES = List.of("user", "assistant", "system", "developer");
  private static final List<String> PARTS =
      List.of("input_text", "input_image", "input_file", "input_audio", "output_text", "refusal");

  /**
   * The types of items that are not passed to the model, such as those of hosted tools.
   *
   * <p>Source: OpenAI's schema {@code InputItem}.
   */
  private static final List<String> OTHERS =
      List.of(
          "additional_tools",
          "apply_patch_call",
          "apply_patch_call_output",
          "code_interpreter_call",
          "compaction",
          "compaction_summary",
          "compaction_trigger",
          "computer_call",
          "computer_call_output",
          "file_search_call",
          "image_generation_call",
          "local_shell_call",
          "local_shell_call_output",
          "mcp_approval_request",
          "mcp_approval_response",
          "mcp_call",
          "mcp_list_tools",
          "program",
          "program_output",
          "shell_call",
          "shell_call_output",
          "tool_search_call",
          "tool_search_output",
          "web_search_call");

  private ResponseItemReader() {}

  static ResponseItem read(JsonObject json) {
    String type = json.text("type");
    if (type == null) {
      // OpenAI's short form of a message or of an item reference.
      boolean reference = json.node("role") == null && json.node("id") != null;
      type = reference ? "item_reference" : "message";
    }
    return switch (type) {
      case "message" -> message(json);
      case "function_call" ->
          new FunctionCall(
              json.text("id"),
              json.requiredText("call_id"),
              json.text("namespace"),
              json.requiredText("name"),
              json.requiredText("arguments"),
              json.text("status"));
      case "custom_tool_call" ->
          new CustomToolCall(
              json.text("id"),
              json.requiredText("call_id"),
              json.text("namespace"),
              json.requiredText("name"),
              json.requiredText("input"),
              json.text("status"));
      case "function_call_output", "custom_tool_call_output" ->
          new CallOutput(
              type,
              json.text("id"),
              json.requiredText("call_id"),
              content(json, "output", "user"),
              json.text("status"));
      case "reasoning" ->
          new Reasoning(
              json.text("id"),
              texts(json, "summary"),
              texts(json, "content"),
              json.text("encrypted_content"),
              json.text("status"));
      case "item_reference" -> new ItemReference(json.requiredText("id"));
      default -> other(json, type);
    };
  }

  private static ResponseItem other(JsonObject json, String type) {
    if (!OTHERS.contains(type)) {
      throw json.unknownValue(
          "type",
          type,
          List.of(
              "message",
              "function_call",
              "function_call_output",
              "custom_tool_call",
              "custom_tool_call_output",
              "reasoning",
              "item_reference"));
    }
    if (type.equals("additional_tools")
        && json.objects("tools", ResponseToolReader::tool) == null) {
      throw json.missing("tools");
    }
    return new Other(type, json.plain());
  }

  private static ResponseItem message(JsonObject json) {
    String role = json.requiredText("role");
    if (!ROLES.contains(role)) {
      throw json.unknownValue("role", role, ROLES);
    }
    return new Message(
        json.text("id"),
        role,
        content(json, "content", role),
        json.text("status"),
        json.text("phase"));
  }

  private static List<ResponseContent> content(JsonObject json, String name, String role) {
    JsonNode content = json.node(name);
    if (content == null) {
      throw json.missing(name);
    }
    if (content.isTextual()) {
      String text = content.textValue();
      return List.of(
          role.equals("assistant")
              ? new ResponseContent.OutputText(text, List.of())
              : ResponseContent.text(text));
    }
    if (!content.isArray()) {
      throw json.wrongType(name, "one of a string or array of objects", content);
    }
    List<ResponseContent> parts = json.objects(name, ResponseItemReader::part);
    if (parts == null || parts.isEmpty()) {
      throw JsonErrors.emptyArray(json.path(name));
    }
    return parts;
  }

  private static ResponseContent part(JsonObject json) {
    String type = json.requiredText("type");
    return switch (type) {
      case "input_text", "text" -> new ResponseContent.InputText(json.requiredText("text"));
      case "output_text" -> new ResponseContent.OutputText(json.requiredText("text"), List.of());
      case "refusal" -> new ResponseContent.Refusal(json.requiredText("refusal"));
      case "input_image", "input_file", "input_audio" -> {
        Map<String, @Nullable Object> value = new LinkedHashMap<>(json.plain());
        value.remove("type");
        yield new ResponseContent.InputMedia(type, value);
      }
      default -> throw json.unknownValue("type", type, PARTS);
    };
  }

  /** Returns the texts of reasoning parts; empty if absent. */
  private static List<String> texts(JsonObject json, String name) {
    List<String> texts = json.objects(name, part -> part.requiredText("text"));
    return texts == null ? List.of() : texts;
  }
}
