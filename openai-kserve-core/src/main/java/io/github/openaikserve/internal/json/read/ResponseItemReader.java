package io.github.openaikserve.internal.json.read;

import io.github.openaikserve.openai.responses.ResponseContent;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseItem.CallOutput;
import io.github.openaikserve.openai.responses.ResponseItem.CustomToolCall;
import io.github.openaikserve.openai.responses.ResponseItem.FunctionCall;
import io.github.openaikserve.openai.responses.ResponseItem.ItemReference;
import io.github.openaikserve.openai.responses.ResponseItem.Message;
import io.github.openaikserve.openai.responses.ResponseItem.Other;
import io.github.openaikserve.openai.responses.ResponseItem.Reasoning;
import io.github.openaikserve.openai.responses.ResponseItem.ToolOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of an input item of the Responses API. */
final class ResponseItemReader {
  private static final List<String> ROLES = List.of("user", "assistant", "system", "developer");
  private static final List<String> STATUSES = List.of("in_progress", "completed", "incomplete");
  private static final List<String> PHASES = List.of("commentary", "final_answer");
  private static final List<String> DETAILS = List.of("low", "high", "auto", "original");
  private static final List<String> ANNOTATIONS =
      List.of("file_citation", "url_citation", "container_file_citation", "file_path");
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
    checkCaller(json);
    return switch (type) {
      case "message" -> message(json);
      case "function_call" ->
          new FunctionCall(
              json.text("id"),
              json.requiredText("call_id"),
              json.text("namespace"),
              json.requiredText("name"),
              json.requiredText("arguments"),
              status(json));
      case "custom_tool_call" ->
          new CustomToolCall(
              json.text("id"),
              json.requiredText("call_id"),
              json.text("namespace"),
              json.requiredText("name"),
              json.requiredText("input"),
              status(json));
      case "function_call_output" ->
          json.text("call_id") == null ? toolOutput(json) : callOutput(json, type);
      case "custom_tool_call_output" -> callOutput(json, type);
      case "reasoning" ->
          new Reasoning(
              json.text("id"),
              texts(json, "summary", "summary_text"),
              texts(json, "content", "reasoning_text"),
              json.text("encrypted_content"),
              status(json));
      case "item_reference" -> new ItemReference(json.requiredText("id"));
      default -> other(json, type);
    };
  }

  private static ResponseItem callOutput(JsonObject json, String type) {
    return new CallOutput(
        type,
        json.text("id"),
        json.requiredText("call_id"),
        content(json, "output", "user"),
        status(json));
  }

  private static ResponseItem toolOutput(JsonObject json) {
    return new ToolOutput(
        json.text("id"),
        json.text("namespace"),
        json.text("name"),
        content(json, "output", "user"),
        status(json));
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
    if (type.equals("additional_tools")) {
      json.requiredObjects("tools", ResponseToolReader::tool);
    }
    return new Other(type, json.plain());
  }

  private static ResponseItem message(JsonObject json) {
    String role = json.requiredWord("role", ROLES);
    return new Message(
        json.text("id"),
        role,
        content(json, "content", role),
        status(json),
        json.word("phase", PHASES));
  }

  private static @Nullable String status(JsonObject json) {
    return json.word("status", STATUSES);
  }

  /** Checks the caller of a tool: the model, or a program that a hosted tool runs. */
  private static void checkCaller(JsonObject json) {
    JsonObject caller = json.object("caller");
    if (caller != null) {
      caller.requiredWord("type", List.of("direct", "program"));
    }
  }

  private static List<ResponseContent> content(JsonObject json, String name, String role) {
    return json.required(
        name,
        json.<ResponseContent, List<ResponseContent>>textOrObjects(
            name,
            text ->
                List.of(
                    role.equals("assistant")
                        ? new ResponseContent.OutputText(text, List.of())
                        : ResponseContent.text(text)),
            ResponseItemReader::part,
            parts -> json.notEmpty(name, parts)));
  }

  private static ResponseContent part(JsonObject json) {
    String type = json.requiredText("type");
    JsonObject breakpoint = json.object("prompt_cache_breakpoint");
    if (breakpoint != null) {
      breakpoint.word("mode", List.of("explicit"));
    }
    return switch (type) {
      case "input_text", "text" -> new ResponseContent.InputText(json.requiredText("text"));
      case "output_text" -> {
        json.objects("annotations", note -> note.requiredWord("type", ANNOTATIONS));
        yield new ResponseContent.OutputText(json.requiredText("text"), List.of());
      }
      case "refusal" -> new ResponseContent.Refusal(json.requiredText("refusal"));
      case "input_image", "input_file", "input_audio" -> {
        json.word("detail", DETAILS);
        Map<String, @Nullable Object> value = new LinkedHashMap<>(json.plain());
        value.remove("type");
        yield new ResponseContent.InputMedia(type, value);
      }
      default -> throw json.unknownValue("type", type, PARTS);
    };
  }

  /** Returns the texts of the parts of reasoning; empty if absent. */
  private static List<String> texts(JsonObject json, String name, String type) {
    List<String> texts =
        json.objects(
            name,
            part -> {
              part.word("type", List.of(type));
              return part.requiredText("text");
            });
    return texts == null ? List.of() : texts;
  }
}
