package io.github.openaikserve.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds answers against the OpenAPI document of the service that gave them. */
final class DocumentCheck {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document;
  private final Set<String> seen = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  DocumentCheck(OpenAiHandler handler) {
    document = json(Bodies.text(handler.handle(Requests.get("/openapi.json")).join()));
  }

  /** Returns what was not as the document has it. */
  List<String> problems() {
    return problems;
  }

  /** Returns the operations of which no answer was successful. */
  Set<String> unseen() {
    Set<String> all = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(method -> all.add(method + " " + path.getKey())));
    all.removeAll(seen);
    return all;
  }

  /** Holds an answer against the document. */
  void check(ApiRequest request, ApiResponse response, String body) {
    String method = request.method().toLowerCase(Locale.ROOT);
    String path = path(request.path().replaceAll("\\?.*", ""));
    String where = method + " " + path + " " + response.status() + ": ";
    JsonNode responses = document.get("paths").path(path).path(method).path("responses");
    JsonNode documented = responses.path(String.valueOf(response.status()));
    if (documented.isMissingNode()) {
      documented = responses.path("default");
    } else {
      seen.add(method + " " + path);
    }
    if (documented.has("$ref")) {
      documented = document.at(documented.get("$ref").asText().substring(1));
    }
    String type = response.headers().getOrDefault("content-type", "").replaceAll(";.*", "");
    JsonNode schema = documented.path("content").path(type).path("schema");
    if (schema.isMissingNode()) {
      schema = documented.path("content").path(type.replaceAll("/.*", "/*")).path("schema");
    }
    if (schema.isMissingNode()) {
      problems.add(where + "no content of type '" + type + "'");
    } else if (type.equals("application/json")) {
      problems(schema, json(body))
          .forEach(problem -> problems.add(where + problem + " in " + body));
    }
  }

  private String path(String path) {
    JsonNode paths = document.get("paths");
    if (paths.has(path)) {
      return path;
    }
    for (Map.Entry<String, JsonNode> documented : paths.properties()) {
      if (path.matches(documented.getKey().replaceAll("\\{[^}]*}", "[^/]+"))) {
        return documented.getKey();
      }
    }
    return path;
  }

  private List<String> problems(JsonNode schema, JsonNode answer) {
    ObjectNode root = JSON.createObjectNode();
    root.putArray("allOf").add(schema);
    root.set("components", document.get("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(root)
        .validate(answer)
        .stream()
        .map(Error::toString)
        .toList();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
