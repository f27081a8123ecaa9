package io.github.openaikserve.openai;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Limits of the size of a request. Immutable.
 *
 * <p>A request that exceeds a limit is refused before anything is sent, with an error that names
 * the field and the limit: 413 for the body, 431 for the headers, else 400. OpenAI's own limits can
 * only be lowered, except that of tools. Limits of HTTP and JSON do not apply to Java callers.
 */
public final class InputLimits {
  private static final int ANY = Integer.MAX_VALUE;

  private enum Limit {
    BODY("body", 1, ANY, ANY),
    HEADERS("headers", 1, ANY, 64 << 10),
    /** A request without anything optional has three levels; a tree is written by recursion. */
    DEPTH("depth", 3, 1000, 100),
    /** The time to parse a number grows with the square of its digits. */
    DIGITS("digits", 1, 1000, 100),
    /** Holds images and sounds in a message. */
    STRING("string", 1, ANY, 64 << 20),
    MESSAGES("messages", 1, Limits.MAX_ITEMS, Limits.MAX_ITEMS),
    PROMPTS("prompts", 1, Limits.MAX_ITEMS, Limits.MAX_ITEMS),
    TOOLS("tools", 1, 4096, 128),
    STOPS("stops", 1, Limits.MAX_STOPS, Limits.MAX_STOPS),
    CHOICES("choices", 1, Limits.MAX_CHOICES, Limits.MAX_CHOICES),
    ALL_CHOICES("allChoices", 1, Limits.MAX_ITEMS * Limits.MAX_CHOICES, 2048),
    INPUTS("inputs", 1, EmbeddingInput.MAX_SIZE, EmbeddingInput.MAX_SIZE);

    private final String label;
    private final int least;
    private final int most;
    private final int usual;

    Limit(String label, int least, int most, int usual) {
      this.label = label;
      this.least = least;
      this.most = most;
      this.usual = usual;
    }
  }

  /** The defaults. */
  public static final InputLimits DEFAULT = builder().build();

  private final Map<Limit, Integer> values;

  private InputLimits(Builder builder) {
    this.values = new EnumMap<>(builder.values);
    for (Limit limit : Limit.values()) {
      int least = limit == Limit.ALL_CHOICES ? choices() : limit.least;
      int value = get(limit);
      if (value < least || value > limit.most) {
        throw new IllegalArgumentException(
            "the limit of %s is from %d to %d, not %d"
                .formatted(limit.label, least, limit.most, value));
      }
    }
  }

  private int get(Limit limit) {
    return Objects.requireNonNull(values.get(limit));
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    var builder = new Builder();
    for (Limit limit : Limit.values()) {
      builder.set(limit, limit.usual);
    }
    return builder;
  }

  /** Returns a builder with these limits. */
  public Builder toBuilder() {
    var builder = new Builder();
    builder.values.putAll(values);
    return builder;
  }

  /** Returns the limit of the bytes of a body. */
  public int body() {
    return get(Limit.BODY);
  }

  /** Returns the limit of the bytes of all names and values of the headers together. */
  public int headers() {
    return get(Limit.HEADERS);
  }

  /** Returns the limit of the levels of objects and arrays in the JSON. */
  public int depth() {
    return get(Limit.DEPTH);
  }

  /** Returns the limit of the characters of a number in the JSON. */
  public int digits() {
    return get(Limit.DIGITS);
  }

  /** Returns the limit of the characters of a string in the JSON. */
  public int string() {
    return get(Limit.STRING);
  }

  /** Returns the limit of the messages of a conversation. */
  public int messages() {
    return get(Limit.MESSAGES);
  }

  /** Returns the limit of the prompts of a request for completions. */
  public int prompts() {
    return get(Limit.PROMPTS);
  }

  /** Returns the limit of the tools of a request. */
  public int tools() {
    return get(Limit.TOOLS);
  }

  /** Returns the limit of the stop sequences of a request. */
  public int stops() {
    return get(Limit.STOPS);
  }

  /** Returns the limit of the choices of a prompt. */
  public int choices() {
    return get(Limit.CHOICES);
  }

  /** Returns the limit of the choices of all prompts of a request. */
  public int allChoices() {
    return get(Limit.ALL_CHOICES);
  }

  /** Returns the limit of the inputs of a request for embeddings. */
  public int inputs() {
    return get(Limit.INPUTS);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InputLimits limits && values.equals(limits.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return Stream.of(Limit.values())
        .map(limit -> limit.label + "=" + get(limit))
        .collect(Collectors.joining(", ", "InputLimits[", "]"));
  }

  /** Collects limits. Not thread-safe. */
  public static final class Builder {
    private final Map<Limit, Integer> values = new EnumMap<>(Limit.class);

    private Builder() {}

    private Builder set(Limit limit, int value) {
      values.put(limit, value);
      return this;
    }

    /** Limits the bytes of a body (default: no limit; hosts limit what they read). */
    public Builder body(int bytes) {
      return set(Limit.BODY, bytes);
    }

    /** Limits the bytes of all names and values of the headers together (default: 64 KiB). */
    public Builder headers(int bytes) {
      return set(Limit.HEADERS, bytes);
    }

    /** Limits the levels of objects and arrays in the JSON, 3 to 1000 (default: 100). */
    public Builder depth(int levels) {
      return set(Limit.DEPTH, levels);
    }

    /** Limits the characters of a number in the JSON, 1 to 1000 (default: 100). */
    public Builder digits(int characters) {
      return set(Limit.DIGITS, characters);
    }

    /** Limits the characters of a string in the JSON (default: 64 Mi). */
    public Builder string(int characters) {
      return set(Limit.STRING, characters);
    }

    /** Limits the messages of a conversation, 1 to 2048 (default: 2048, OpenAI's limit). */
    public Builder messages(int max) {
      return set(Limit.MESSAGES, max);
    }

    /** Limits the prompts of a request for completions, 1 to 2048 (default: 2048). */
    public Builder prompts(int max) {
      return set(Limit.PROMPTS, max);
    }

    /** Limits the tools of a request, 1 to 4096 (default: 128). */
    public Builder tools(int max) {
      return set(Limit.TOOLS, max);
    }

    /** Limits the stop sequences of a request, 1 to 4 (default: 4, OpenAI's limit). */
    public Builder stops(int max) {
      return set(Limit.STOPS, max);
    }

    /** Limits the choices of a prompt, 1 to 128 (default: 128, OpenAI's limit). */
    public Builder choices(int max) {
      return set(Limit.CHOICES, max);
    }

    /**
     * Limits the choices of all prompts of a request, from {@link #choices} to 262144 (default:
     * 2048).
     */
    public Builder allChoices(int max) {
      return set(Limit.ALL_CHOICES, max);
    }

    /** Limits the inputs of a request for embeddings, 1 to 2048 (default: 2048, OpenAI's limit). */
    public Builder inputs(int max) {
      return set(Limit.INPUTS, max);
    }

    /**
     * Returns the limits.
     *
     * @throws IllegalArgumentException naming the limit that is out of its range
     */
    public InputLimits build() {
      return new InputLimits(this);
    }
  }
}
