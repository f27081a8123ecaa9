package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A check whether an answer is the JSON that the request requires. Immutable. */
public final class AnswerCheck {
  /** The maximum exponent of a number; larger than those of IEEE 754 doubles. */
  private static final int MAX_EXPONENT = 400;

  private final @Nullable SchemaValidator validator;

  private AnswerCheck(@Nullable SchemaValidator validator) {
    this.validator = validator;
  }

  /** Returns a check that accepts any JSON object. */
  public static AnswerCheck anyObject() {
    return new AnswerCheck(null);
  }

  /**
   * Returns a check for a JSON value that is valid against a schema.
   *
   * @throws InvalidRequestException if the schema is not valid
   * @throws IllegalStateException if the library of the validator is missing; see {@link
   *     #available}
   */
  public static AnswerCheck schema(Map<?, ?> schema) {
    if (!available()) {
      throw new IllegalStateException(
          "checking answers against a schema requires com.networknt:json-schema-validator 2.x or"
              + " 3.x; add it to the classpath");
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

  /** Returns the problem of an answer; empty if it is valid. */
  public Optional<String> problem(String answer) {
    JsonNode node = JsonCodec.readTree(answer);
    if (node == null) {
      return Optional.of("The answer is not JSON.");
    }
    if (validator != null) {
      return isComparable(node)
          ? validator.problem(answer)
          : Optional.of("The answer contains a number that is out of range.");
    }
    return node.isObject() ? Optional.empty() : Optional.of("The answer is not a JSON object.");
  }

  /**
   * Returns whether arithmetic with the answer's numbers is cheap. It is not for {@code
   * 1e999999999}, which has a billion digits.
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
