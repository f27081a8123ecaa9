package io.github.openaikserve.server.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON schema of a configuration file, for editors. */
final class JsonSchema {
  private JsonSchema() {}

  static Map<String, Object> of(Declared option) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", option.setting().value());
    schema.putAll(option.type().schema());
    String initial = option.shownDefault();
    if (!initial.isEmpty()) {
      schema.put("default", json(initial));
    }
    return schema;
  }

  private static Object json(String text) {
    if (text.matches("[0-9]+")) {
      return Long.valueOf(text);
    }
    return text.equals("true") || text.equals("false") ? (Object) Boolean.valueOf(text) : text;
  }

  static String text(Section<?> root) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Configuration of openai-kserve-server");
    schema.putAll(root.schema());
    var indenter = new DefaultIndenter("  ", "\n");
    var printer = new DefaultPrettyPrinter().withObjectIndenter(indenter);
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a schema is JSON", e);
    }
  }
}
