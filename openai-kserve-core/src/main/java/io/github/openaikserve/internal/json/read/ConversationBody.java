package io.github.openaikserve.internal.json.read;

import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.internal.fields.KeptFieldChecks;
import io.github.openaikserve.openai.responses.ResponseItem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request to create or update a conversation, or to add items to it. Immutable.
 *
 * @param metadata null if absent
 * @param items null if absent
 */
public record ConversationBody(
    @Nullable Map<String, String> metadata, @Nullable List<ResponseItem> items) {
  /** OpenAI's maximum number of items in one request. */
  private static final int MAX_ITEMS = 20;

  /**
   * Checks the fields.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException naming the invalid field
   */
  public ConversationBody {
    KeptFieldChecks.metadata(metadata);
    if (items != null && !items.isEmpty()) {
      FieldChecks.array("items", items, MAX_ITEMS);
    }
  }

  static ConversationBody read(JsonObject json) {
    return new ConversationBody(
        KeptFields.metadata(json), json.objects("items", ResponseItemReader::read));
  }
}
