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
import io.github.openaikserve.internal.regex.LinearPattern;
import io.github.openaikserve.internal.regex.Steps;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

  /**
   * The maximum number of parts of all regular expressions of a schema; enough for a few thousand
   * typical ones.
   */
  private static final long MAX_PARTS = 200_000;

  /** The budget of the check that runs on this thread. */
  private static final ThreadLocal<Steps> STEPS = new ThreadLocal<>();

  private final Schema schema;

  SchemaValidator(Map<?, ?> schema) {
    var size = new Steps(MAX_PARTS);
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
                                  .regularExpressionFactory(regex -> pattern(regex, size)::test)
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

  /**
   * Returns a predicate that tests whether any part of a text matches.
   *
   * @throws UnsupportedPatternException if the expression is malformed or not supported
   */
  private static Predicate<String> pattern(String regex, Steps size) {
    try {
      LinearPattern pattern = LinearPattern.compile(regex, size);
      return text -> pattern.find(text, STEPS.get());
    } catch (IllegalArgumentException e) {
      throw new UnsupportedPatternException(String.valueOf(e.getMessage()), e);
    }
  }

  private static InvalidRequestException invalid(Throwable cause) {
    Throwable pattern = cause;
    while (pattern != null && !(pattern instanceof UnsupportedPatternException)) {
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
          within(
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

  /** Runs a check whose patterns use the given budget, and returns its result. */
  private static <T> T within(Steps budget, Supplier<T> check) {
    STEPS.set(budget);
    try {
      return check.get();
    } finally {
      STEPS.remove();
    }
  }

  /** The exception for a regular expression that is malformed or not supported. */
  private static final class UnsupportedPatternException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedPatternException(String why, IllegalArgumentException cause) {
      super(why, cause);
    }
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
