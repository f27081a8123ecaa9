package io.github.openaikserve.internal.json;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.InputFormat;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.regex.Steps;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A validator of JSON against a JSON Schema. The only class that uses the optional library.
 * Immutable.
 *
 * <p>Passes text to the library, because the nodes of its version 2 are Jackson 2's and those of
 * its version 3 are Jackson 3's.
 *
 * <p>Schemas come from clients and answers from models, so a check takes a bounded number of steps.
 * Keywords and regular expressions both count.
 */
final class SchemaValidator {
  /** The maximum number of errors in a message. */
  private static final int SHOWN = 3;

  /** The maximum number of steps of a check, which take well under a second. */
  private static final long MAX_STEPS = 5_000_000;

  /**
   * The number of steps of one keyword, which costs more than a character of a regular expression.
   */
  private static final int KEYWORD_STEPS = 20;

  private final Schema schema;

  SchemaValidator(Map<?, ?> schema) {
    var patterns = new SchemaPatterns();
    try {
      String text = JsonCodec.writeValue(schema);
      Optional.ofNullable(JsonCodec.readTree(text))
          .flatMap(SchemaTypes::unknown)
          .ifPresent(
              name -> {
                throw new UnknownTypeException(name);
              });
      this.schema =
          SchemaRegistry.withDefaultDialect(
                  SpecificationVersion.DRAFT_2020_12,
                  builder ->
                      builder
                          .schemaRegistryConfig(
                              SchemaRegistryConfig.builder()
                                  .regularExpressionFactory(regex -> patterns.compile(regex)::test)
                                  .formatAssertionsEnabled(false)
                                  .build())
                          // References to other documents are never fetched.
                          .schemaLoader(loader -> loader.fetchRemoteResources(false)))
              .getSchema(text, InputFormat.JSON);
      this.schema.initializeValidators();
    } catch (RuntimeException | StackOverflowError e) {
      throw invalid(e);
    }
  }

  private static InvalidRequestException invalid(Throwable cause) {
    Throwable pattern = cause;
    while (pattern != null && !(pattern instanceof SchemaPatterns.UnsupportedException)) {
      pattern = pattern.getCause();
    }
    String why =
        pattern != null
            ? "a pattern is not supported: " + pattern.getMessage() + "."
            : cause instanceof UnknownTypeException
                ? cause.getMessage()
                : "expected a valid JSON Schema.";
    return new InvalidRequestException(
        400,
        "invalid_json_schema",
        "response_format",
        "Invalid schema for 'response_format': " + why,
        cause);
  }

  /**
   * Returns a description of why a JSON text is invalid; empty if it is valid.
   *
   * @throws InvalidRequestException if the schema refers to what it does not contain
   */
  Optional<String> problem(String answer) {
    return problem(answer, new Steps(MAX_STEPS));
  }

  Optional<String> problem(String answer, Steps steps) {
    var context = new CountingContext(steps);
    try {
      return problem(
          SchemaPatterns.within(
              steps,
              () -> schema.validate(context, answer, InputFormat.JSON, OutputFormat.DEFAULT)));
    } catch (Steps.ExhaustedException | StackOverflowError e) {
      return Optional.of(
          "The answer cannot be checked: its schema is too complex. Simplify the schema.");
    } catch (ArithmeticException e) {
      return Optional.of(
          "The answer does not match the schema. It contains a number that is out of range.");
    } catch (RuntimeException e) { // a reference that is resolved when it is reached
      throw invalid(e);
    }
  }

  private static Optional<String> problem(List<Error> errors) {
    if (errors.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        errors.stream()
            .limit(SHOWN)
            .map(error -> "At '" + error.getInstanceLocation() + "': " + error.getMessage() + ".")
            .collect(Collectors.joining(" ", "The answer does not match the schema. ", "")));
  }

  /** The exception for an unknown type name. */
  private static final class UnknownTypeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownTypeException(String name) {
      super("the type '%s' does not exist.".formatted(InvalidRequestException.shown(name)));
    }
  }

  /** A context that counts evaluated keywords. The library adds each keyword to the path. */
  private static final class CountingContext extends ExecutionContext {
    private final Steps steps;

    CountingContext(Steps steps) {
      this.steps = steps;
    }

    @Override
    public void evaluationPathAddLast(String keyword) {
      steps.take(KEYWORD_STEPS);
      super.evaluationPathAddLast(keyword);
    }

    @Override
    public void evaluationPathAddLast(int index) {
      steps.take(KEYWORD_STEPS);
      super.evaluationPathAddLast(index);
    }
  }
}
