package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A check of an answer for the JSON that the request requires. Immutable. */
public final class AnswerCheck {
  /** More than the exponents of IEEE 754's doubles. */
  private static final int MAX_EXPONENT = 400;

  private final @Nullable SchemaValidator validator;

  private AnswerCheck(@Nullable SchemaValidator validator) {
    this.validator = validator;
  }

  /** Accepts any JSON object. */
  public static AnswerCheck anyObject() {
    return new AnswerCheck(null);
  }

  /**
   * Returns a check for a JSON value that is valid against a schema.
   *
   * @throws InvalidRequestException if the schema is not valid
   * @throws IllegalStateException if the validator's library is missing; see {@link #available}
   */
  public static AnswerCheck schema(Map<?, ?> schema) {
    if (!available()) {
      throw new IllegalStateException(
          "com.networknt:json-schema-validator 2.x or 3.x is needed to check answers against a"
              + " schema");
    }
    return new AnswerCheck(new SchemaValidator(schema));
  }

  /** Returns whether the optional library that checks schemas is present. */
  public static boolean available() {
    try {
      Class.forName("com.networknt.schema.Schema", false, AnswerCheck.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Returns whether answers are checked against a schema. */
  public boolean hasSchema() {
    return validator != null;
  }

  /** Returns what is wrong with an answer; empty if it is valid. */
  public Optional<String> problem(String answer) {
    JsonNode node = JsonCodec.readTree(answer);
    if (node == null) {
      return Optional.of("The answer is not JSON.");
    }
    if (validator != null) {
      return isComparable(node)
          ? validator.problem(answer)
          : Optional.of("The answer has a number out of range.");
    }
    return node.isObject() ? Optional.empty() : Optional.of("The answer is not a JSON object.");
  }

  /**
   * Returns whether arithmetic with the numbers of an answer is cheap: {@code 1e999999999} has a
   * billion digits.
   */
  private static boolean isComparable(JsonNode node) {
    if (node.isBigDecimal()) {
      return Math.abs((long) node.decimalValue().scale()) <= MAX_EXPONENT;
    }
    for (JsonNode child : node) {
      if (!isComparable(child)) {
        return false;
      }
    }
    return true;
  }
}
