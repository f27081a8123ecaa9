package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A check against a JSON Schema: the only class that knows the optional library. Immutable. */
final class SchemaValidator {
  /** The maximum number of errors in a message. */
  private static final int SHOWN = 3;

  private final Schema schema;

  SchemaValidator(Map<?, ?> schema) {
    try {
      JsonNode node = JsonCodec.readTree(JsonCodec.writeValue(schema));
      this.schema =
          SchemaRegistry.withDefaultDialect(
                  SpecificationVersion.DRAFT_2020_12,
                  // References to other documents are never fetched.
                  builder -> builder.schemaLoader(loader -> loader.fetchRemoteResources(false)))
              .getSchema(node);
      this.schema.initializeValidators();
    } catch (RuntimeException e) {
      throw new InvalidRequestException(
          400,
          "invalid_json_schema",
          "response_format",
          "Invalid schema for 'response_format': expected a valid JSON Schema.",
          e);
    }
  }

  Optional<String> problem(JsonNode answer) {
    List<Error> errors = schema.validate(answer);
    if (errors.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        errors.stream()
            .limit(SHOWN)
            .map(error -> "At '" + error.getInstanceLocation() + "': " + error.getMessage() + ".")
            .collect(Collectors.joining(" ", "The answer does not fit the schema. ", "")));
  }
}
