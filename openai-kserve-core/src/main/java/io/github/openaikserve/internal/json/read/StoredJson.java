package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.ResponseStoreException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.responses.Conversation;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseError;
import io.github.openaikserve.openai.responses.ResponseInput;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A reader of stored responses, conversations and items. Fails with {@link ResponseStoreException}.
 */
public final class StoredJson {
  /** The repeated fields of a request that have no accessor. */
  private static final List<String> REPEATED =
      List.of("prompt_cache_key", "safety_identifier", "user");

  private StoredJson() {}

  /** Reads the fields of an object as plain values. */
  public static Map<String, @Nullable Object> fields(byte[] json) {
    return read(json, JsonObject::plain);
  }

  /** Reads a conversation. */
  public static Conversation conversation(byte[] json) {
    return read(
        json,
        object -> {
          Map<String, String> metadata = KeptFields.metadata(object);
          Long created = object.longInteger("created_at");
          return new Conversation(
              object.requiredText("id"),
              created == null ? 0 : created,
              metadata == null ? Map.of() : metadata);
        });
  }

  /** Reads an item. */
  public static ResponseItem item(byte[] json) {
    return read(json, ResponseItemReader::read);
  }

  /**
   * Reads a response, without log probabilities.
   *
   * @param input the input items of its request
   */
  public static Response response(byte[] json, List<ResponseItem> input) {
    return read(json, object -> response(object, input));
  }

  private static <T> T read(byte[] json, Function<JsonObject, T> reader) {
    try {
      JsonNode root = JsonCodec.READER.readValue(json);
      if (root == null || !root.isObject()) {
        throw new ResponseStoreException(
            new IllegalStateException("stored value is not a JSON object"));
      }
      return reader.apply(JsonObject.root(root));
    } catch (JsonProcessingException e) { // its message may quote the conversation
      throw new ResponseStoreException(new IllegalStateException("stored value is not JSON"));
    } catch (IOException | InvalidRequestException e) {
      throw new ResponseStoreException(e);
    }
  }

  private static Response response(JsonObject json, List<ResponseItem> input) {
    List<ResponseItem> output = json.objects("output", ResponseItemReader::read);
    JsonObject incomplete = json.object("incomplete_details");
    return new Response(
        json.requiredText("id"),
        Objects.requireNonNullElse(json.longInteger("created_at"), 0L),
        json.longInteger("completed_at"),
        json.requiredText("model"),
        status(json.requiredText("status")),
        error(json.object("error")),
        incomplete == null ? null : incomplete.text("reason"),
        output == null ? List.of() : output,
        usage(json.object("usage")),
        request(json, input),
        List.of());
  }

  private static ResponseStatus status(String value) {
    for (ResponseStatus status : ResponseStatus.values()) {
      if (status.value().equals(value)) {
        return status;
      }
    }
    throw new ResponseStoreException(new IllegalStateException("unknown status"));
  }

  private static @Nullable ResponseError error(@Nullable JsonObject error) {
    return error == null
        ? null
        : new ResponseError(error.requiredText("code"), error.requiredText("message"));
  }

  private static @Nullable CompletionUsage usage(@Nullable JsonObject usage) {
    if (usage == null) {
      return null;
    }
    JsonObject input = usage.object("input_tokens_details");
    JsonObject details = usage.object("output_tokens_details");
    return new CompletionUsage(
        count(usage, "input_tokens"),
        count(usage, "output_tokens"),
        Boolean.TRUE.equals(usage.bool("estimated")),
        details == null ? 0 : count(details, "reasoning_tokens"),
        input == null ? null : cached(input));
  }

  /** Returns the number of cached tokens; null for 0, because the JSON also has 0 for unknown. */
  private static @Nullable Integer cached(JsonObject details) {
    int cached = count(details, "cached_tokens");
    return cached == 0 ? null : cached;
  }

  private static int count(JsonObject json, String name) {
    Integer count = json.integer(name);
    return count == null ? 0 : count;
  }

  private static CreateResponseRequest request(JsonObject json, List<ResponseItem> input) {
    CreateResponseRequest.Builder request = ResponseRequestReader.fields(json);
    if (!input.isEmpty()) {
      request.input(ResponseInput.of(input));
    }
    for (String name : REPEATED) {
      String value = json.text(name);
      if (value != null) {
        request.extra(name, value);
      }
    }
    return request.build();
  }
}
