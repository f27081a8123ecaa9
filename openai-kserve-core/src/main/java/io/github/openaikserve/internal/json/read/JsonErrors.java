package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.error.InvalidRequestException;

/** The errors of request fields, with OpenAI's messages. No message quotes a prompt. */
final class JsonErrors {
  private JsonErrors() {}

  static InvalidRequestException missing(String path) {
    return InvalidRequestException.badValue(
        path, "missing_required_parameter", "Missing required parameter: '%s'.".formatted(path));
  }

  static InvalidRequestException wrongType(String path, String expected, JsonNode got) {
    return InvalidRequestException.badValue(
        path,
        "invalid_type",
        "Invalid type for '%s': expected %s, but got %s instead."
            .formatted(path, expected, kind(got)));
  }

  static InvalidRequestException emptyArray(String path) {
    return InvalidRequestException.badValue(
        path,
        "empty_array",
        "Invalid '%s': empty array. Expected an array with minimum length 1, but got an empty array instead."
            .formatted(path));
  }

  static InvalidRequestException integerAbove(String path, long max) {
    return InvalidRequestException.badValue(
        path,
        "integer_above_max_value",
        "Invalid '%s': integer above maximum value. Expected a value <= %d.".formatted(path, max));
  }

  static InvalidRequestException integerBelow(String path, long min) {
    return InvalidRequestException.badValue(
        path,
        "integer_below_min_value",
        "Invalid '%s': integer below minimum value. Expected a value >= %d.".formatted(path, min));
  }

  static String kind(JsonNodeType type) {
    return switch (type) {
      case STRING -> "a string";
      case BOOLEAN -> "a boolean";
      case NUMBER -> "a number";
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      default -> "null";
    };
  }

  private static String kind(JsonNode node) {
    if (node.isNumber()) {
      return node.isIntegralNumber() ? "an integer" : "a decimal";
    }
    return kind(node.getNodeType());
  }
}
