package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.KeptFieldChecks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reader of OpenAI's fields without effect that chats and responses share, and whose values
 * OpenAI checks.
 */
final class KeptFields {
  private KeptFields() {}

  /** Checks the fields with a fixed set of values. */
  static void check(JsonObject json, List<String> tiers) {
    json.word("prompt_cache_retention", KeptFieldChecks.CACHE_RETENTIONS);
    json.word("service_tier", tiers);
    JsonObject cache = json.object("prompt_cache_options");
    if (cache != null) {
      cache.word("mode", KeptFieldChecks.CACHE_MODES);
      cache.word("ttl", KeptFieldChecks.CACHE_TTLS);
    }
  }

  /** Returns the metadata without entries that are null; null if absent. */
  static @Nullable Map<String, String> metadata(JsonObject json) {
    JsonObject metadata = json.object("metadata");
    if (metadata == null) {
      return null;
    }
    Map<String, String> entries = new LinkedHashMap<>();
    for (String name : metadata.names()) {
      JsonNode value = metadata.node(name);
      if (value == null) {
        continue;
      }
      if (!value.isTextual()) { // the path contains text of the caller
        throw metadata.wrongType(InvalidRequestException.shown(name), "a string", value);
      }
      entries.put(name, value.textValue());
    }
    return entries;
  }
}
