package io.github.openaikserve.internal.responses;

import io.github.openaikserve.internal.json.write.ResponseItemWriter;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseItem.CallOutput;
import io.github.openaikserve.openai.responses.ResponseItem.CustomToolCall;
import io.github.openaikserve.openai.responses.ResponseItem.FunctionCall;
import io.github.openaikserve.openai.responses.ResponseItem.Message;
import io.github.openaikserve.openai.responses.ResponseItem.Other;
import io.github.openaikserve.openai.responses.ResponseItem.Reasoning;
import io.github.openaikserve.openai.responses.ResponseItem.ToolOutput;
import io.github.openaikserve.store.StoredItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The preparation of items for a store. Each item gets an id, and the status complete unless it has
 * another status.
 */
final class StoredItems {
  /**
   * The maximum length of an id. With the digest of an owner it is less than the 200 characters
   * that a store accepts.
   */
  private static final int MAX_ID = 160;

  private final Supplier<String> ids;
  private final Set<String> used = new HashSet<>();
  private final List<StoredItem> items = new ArrayList<>();

  private StoredItems(Supplier<String> ids) {
    this.ids = ids;
  }

  /**
   * Returns items to store.
   *
   * @param ids supplies the random part of ids of items without one
   */
  static List<StoredItem> of(List<ResponseItem> items, Supplier<String> ids) {
    var stored = new StoredItems(ids);
    items.forEach(stored::add);
    return stored.items;
  }

  /** Returns whether a string can be an id: printable ASCII, at most 200 characters. */
  static boolean isId(String word) {
    return !word.isEmpty()
        && word.length() <= MAX_ID
        && word.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  private void add(ResponseItem item) {
    String id = item.id();
    if (id == null || !isId(id) || !used.add(id)) {
      id = prefix(item.type()) + ids.get();
      used.add(id);
    }
    items.add(new StoredItem(id, ResponseItemWriter.write(withId(item, id))));
  }

  private static String prefix(String type) {
    return switch (type) {
      case "message" -> "msg_";
      case "function_call" -> "fc_";
      case "function_call_output" -> "fco_";
      case "custom_tool_call" -> "ctc_";
      case "custom_tool_call_output" -> "ctco_";
      case "reasoning" -> "rs_";
      default -> "item_";
    };
  }

  private static ResponseItem withId(ResponseItem item, String id) {
    if (item instanceof Message message) {
      return new Message(
          id, message.role(), message.content(), status(message.status()), message.phase());
    }
    if (item instanceof FunctionCall call) {
      return new FunctionCall(
          id,
          call.callId(),
          call.namespace(),
          call.name(),
          call.arguments(),
          status(call.status()));
    }
    if (item instanceof CustomToolCall call) {
      return new CustomToolCall(
          id, call.callId(), call.namespace(), call.name(), call.input(), status(call.status()));
    }
    if (item instanceof CallOutput output) {
      return new CallOutput(
          output.type(), id, output.callId(), output.output(), status(output.status()));
    }
    if (item instanceof ToolOutput output) {
      return new ToolOutput(
          id, output.namespace(), output.name(), output.output(), status(output.status()));
    }
    if (item instanceof Reasoning thought) {
      return new Reasoning(
          id, thought.summary(), thought.content(), thought.encryptedContent(), thought.status());
    }
    Map<String, @Nullable Object> value = new LinkedHashMap<>(((Other) item).value());
    value.put("id", id);
    return new Other(item.type(), value);
  }

  private static String status(@Nullable String status) {
    return status == null ? ResponseItem.COMPLETED : status;
  }
}
