package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether an answer is the JSON that was asked for. Immutable. */
public final class AnswerCheck {
  private final @Nullable SchemaValidator validator;

  private AnswerCheck(@Nullable SchemaValidator validator) {
    this.validator = validator;
  }

  /** Any JSON object will do. */
  public static AnswerCheck anyObject() {
    return new AnswerCheck(null);
  }

  /**
   * A JSON value that is valid against a schema.
   *
   * @throws InvalidRequestException if the schema is none
   * @throws IllegalStateException if the validator's library is not there; see {@link #available}
   */
  public static AnswerCheck schema(Map<?, ?> schema) {
    if (!available()) {
      throw new IllegalStateException(
          "com.networknt:json-schema-validator 2.x is needed to check answers against a schema");
    }
    return new AnswerCheck(new SchemaValidator(schema));
  }

  /** Whether the optional library that checks schemas is there. */
  public static boolean available() {
    try {
      Class.forName("com.networknt.schema.Schema", false, AnswerCheck.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** What is wrong with an answer; empty when nothing is. */
  public Optional<String> problem(String answer) {
    JsonNode node = JsonCodec.readTree(answer);
    if (node == null) {
      return Optional.of("The answer is not JSON.");
    }
    if (validator != null) {
      return validator.problem(node);
    }
    return node.isObject() ? Optional.empty() : Optional.of("The answer is no JSON object.");
  }
}
