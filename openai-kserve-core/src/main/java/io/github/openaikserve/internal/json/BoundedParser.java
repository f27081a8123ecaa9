package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import io.github.openaikserve.error.InvalidRequestException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A parser that rejects a body with too many values while reading it, because a tree of small
 * values takes many times the memory of its JSON.
 */
final class BoundedParser extends JsonParserDelegate {
  private final JsonLimits limits;
  private int nodes;
  private int numbers;

  BoundedParser(JsonParser parser, JsonLimits limits) {
    super(parser);
    this.limits = limits;
  }

  @Override
  public @Nullable JsonToken nextToken() throws IOException {
    JsonToken token = super.nextToken();
    if (token == null) {
      return null;
    }
    if (token.isNumeric()) {
      if (++numbers > limits.numbers()) {
        throw tooMany("numbers", limits.numbers());
      }
    } else if ((token.isScalarValue() || token.isStructStart()) && ++nodes > limits.nodes()) {
      throw tooMany("objects, arrays and values", limits.nodes());
    }
    return token;
  }

  @Override
  public @Nullable String nextFieldName() throws IOException {
    return nextToken() == JsonToken.FIELD_NAME ? currentName() : null;
  }

  private static InvalidRequestException tooMany(String what, int limit) {
    return RequestJson.notJson(
        null, "json_above_max_size", ": it contains more than %d %s".formatted(limit, what));
  }
}
