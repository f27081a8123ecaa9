package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.openai.responses.ResponseSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page has a row for every field of OpenAI's schema of a request. */
final class ResponseFieldsTest {
  private static final Pattern ROW = Pattern.compile("^\\| ((?:`[a-z_]+`(?:, )?)+) \\|");

  @Test
  void everyFieldOfOpenAisSchemaIsDocumented() throws IOException {
    String page = Files.readString(Path.of("docs/API.md"));
    int begin = page.indexOf("## POST /v1/responses\n");
    List<String> documented = new ArrayList<>();
    page.substring(begin, page.indexOf("\n## ", begin + 1))
        .lines()
        .map(ROW::matcher)
        .filter(row -> row.find())
        .forEach(row -> documented.addAll(List.of(row.group(1).replace("`", "").split(", "))));

    assertThat(documented).doesNotHaveDuplicates();
    assertThat(documented).containsAll(fields("CreateResponse"));
  }

  /** Returns the fields of a schema and of those that it includes. */
  private static List<String> fields(String name) throws IOException {
    JsonNode schemas;
    try (var in = ResponseSchemas.class.getResourceAsStream("/openai/responses/schemas.json")) {
      schemas = new ObjectMapper().readTree(Objects.requireNonNull(in)).at("/components/schemas");
    }
    List<String> fields = new ArrayList<>();
    addFields(schemas, schemas.get(name), fields);
    return fields;
  }

  private static void addFields(JsonNode schemas, JsonNode schema, List<String> fields) {
    schema.path("properties").fieldNames().forEachRemaining(fields::add);
    for (JsonNode part : schema.path("allOf")) {
      String reference = part.path("$ref").asText();
      addFields(
          schemas,
          reference.isEmpty()
              ? part
              : schemas.get(reference.substring(reference.lastIndexOf('/') + 1)),
          fields);
    }
  }
}
