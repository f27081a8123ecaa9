package io.github.openaikserve.examples.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.kherud.llama.LlamaModel;

/** What llama.cpp may generate, for a {@code response_format} of OpenAI's. */
final class Grammar {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ANY_OBJECT = "{\"type\":\"object\"}";

  private Grammar() {}

  /**
   * A grammar in llama.cpp's own form.
   *
   * @throws BadRequestException if the format or its schema is none
   */
  static String of(String responseFormat) {
    JsonNode format = read(responseFormat);
    String schema =
        switch (format.path("type").asText()) {
          case "json_object" -> ANY_OBJECT;
          case "json_schema" -> format.at("/json_schema/schema").toString();
          default -> "";
        };
    if (schema.isEmpty()) {
      throw new BadRequestException("Input 'response_format' asks for no JSON and has no schema");
    }
    try {
      return LlamaModel.jsonSchemaToGrammar(schema);
    } catch (RuntimeException e) {
      throw new BadRequestException("Input 'response_format' has a schema that is none");
    }
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new BadRequestException("Input 'response_format' is no JSON");
    }
  }
}
