package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A reader of a field that is one or more texts, or one or more lists of token ids. */
final class TextsOrTokens {
  private static final String TYPES =
      "one of a string, array of strings, array of integers, or array of integer arrays";
  private static final String ELEMENT_TYPES = "one of a string, integer, or array of integers";

  private TextsOrTokens() {}

  static <T> T read(
      JsonObject json,
      String name,
      Function<? super List<String>, ? extends T> texts,
      Function<? super List<List<Integer>>, ? extends T> tokens) {
    JsonNode value = json.requiredNode(name);
    if (value.isTextual()) {
      return texts.apply(List.of(value.textValue()));
    }
    if (!value.isArray()) {
      throw json.wrongType(name, TYPES, value);
    }
    if (value.isEmpty()) {
      throw JsonErrors.emptyArray(name);
    }
    // The first element determines the type of all.
    JsonNode first = value.get(0);
    return switch (first.getNodeType()) {
      case STRING -> texts.apply(json.texts(name, value));
      case ARRAY -> tokens.apply(tokenLists(json, name, value));
      case NUMBER -> tokens.apply(List.of(JsonIntegers.listOf(json, name, value)));
      default -> throw json.wrongType(name + "[0]", ELEMENT_TYPES, first);
    };
  }

  private static List<List<Integer>> tokenLists(JsonObject json, String name, JsonNode lists) {
    List<List<Integer>> all = new ArrayList<>(lists.size());
    for (int i = 0; i < lists.size(); i++) {
      String path = name + "[" + i + "]";
      JsonNode tokens = lists.get(i);
      if (!tokens.isArray()) {
        throw json.wrongType(path, "an array of integers", tokens);
      }
      if (tokens.isEmpty()) {
        throw JsonErrors.emptyArray(path);
      }
      all.add(JsonIntegers.listOf(json, path, tokens));
    }
    return all;
  }
}
