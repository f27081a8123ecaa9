package io.github.openaikserve.resilience;

import java.util.EnumMap;
import java.util.Map;

/**
 * The limits on the contents of one request and on the text it may generate. Immutable.
 *
 * <p>A request that exceeds a limit is rejected before anything is sent, with an error that names
 * the field and the limit. The status is 413 for the body, 431 for the headers, otherwise 400.
 * OpenAI's own limits can only be lowered, except for tools. The limits of body, headers and JSON
 * apply to HTTP requests; the others also apply to Java callers.
 */
public final class RequestLimits {
  private final Map<RequestLimit, Integer> values;

  private RequestLimits(Map<RequestLimit, Integer> values) {
    this.values = new EnumMap<>(values);
  }

  /** Returns the default limits. */
  public static RequestLimits ofDefaults() {
    return builder().build();
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these limits. */
  public Builder toBuilder() {
    Builder builder = builder();
    builder.values.putAll(values);
    return builder;
  }

  /** Returns the maximum size of a body in bytes. */
  public int body() {
    return get(RequestLimit.BODY);
  }

  /** Returns the maximum total size of all header names and values in bytes. */
  public int headers() {
    return get(RequestLimit.HEADERS);
  }

  /** Returns the maximum nesting depth of objects and arrays in the JSON. */
  public int depth() {
    return get(RequestLimit.DEPTH);
  }

  /** Returns the maximum length of a number in the JSON in characters. */
  public int digits() {
    return get(RequestLimit.DIGITS);
  }

  /** Returns the maximum length of a string in the JSON in characters. */
  public int string() {
    return get(RequestLimit.STRING);
  }

  /** Returns the maximum number of objects, arrays and values other than numbers in the JSON. */
  public int nodes() {
    return get(RequestLimit.NODES);
  }

  /** Returns the maximum number of numbers in the JSON, such as token ids. */
  public int numbers() {
    return get(RequestLimit.NUMBERS);
  }

  /** Returns the maximum number of messages of a conversation. */
  public int messages() {
    return get(RequestLimit.MESSAGES);
  }

  /** Returns the maximum number of prompts of a completion and of questions of a decision. */
  public int prompts() {
    return get(RequestLimit.PROMPTS);
  }

  /** Returns the maximum number of tools. */
  public int tools() {
    return get(RequestLimit.TOOLS);
  }

  /** Returns the maximum number of entries of {@code metadata}. */
  public int metadata() {
    return get(RequestLimit.METADATA);
  }

  /** Returns the maximum number of entries of {@code logit_bias}. */
  public int logitBias() {
    return get(RequestLimit.LOGIT_BIAS);
  }

  /** Returns the maximum number of stop sequences. */
  public int stops() {
    return get(RequestLimit.STOPS);
  }

  /** Returns the maximum length of a stop sequence in characters. */
  public int stopLength() {
    return get(RequestLimit.STOP_LENGTH);
  }

  /** Returns the maximum number of choices of one prompt. */
  public int choices() {
    return get(RequestLimit.CHOICES);
  }

  /** Returns the maximum total number of choices of all prompts of a request. */
  public int allChoices() {
    return get(RequestLimit.ALL_CHOICES);
  }

  /** Returns the maximum number of inputs of an embedding request. */
  public int inputs() {
    return get(RequestLimit.INPUTS);
  }

  /** Returns the maximum size of the text generated for one request, in bytes of UTF-8. */
  public int generatedText() {
    return get(RequestLimit.GENERATED_TEXT);
  }

  private int get(RequestLimit limit) {
    return values.getOrDefault(limit, limit.initial);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RequestLimits limits && values.equals(limits.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return "RequestLimits" + values;
  }

  /**
   * A builder of limits. Each setter throws {@link IllegalArgumentException}, naming the limit and
   * its range, if the value is out of range. Not thread-safe.
   */
  public static final class Builder {
    private final Map<RequestLimit, Integer> values = new EnumMap<>(RequestLimit.class);

    private Builder() {
      for (RequestLimit limit : RequestLimit.values()) {
        values.put(limit, limit.initial);
      }
    }

    /** Sets {@link #body} (default: unlimited, because hosts limit the bytes they read). */
    public Builder body(int bytes) {
      return set(RequestLimit.BODY, bytes);
    }

    /** Sets {@link #headers} (default: 64 KiB). */
    public Builder headers(int bytes) {
      return set(RequestLimit.HEADERS, bytes);
    }

    /** Sets {@link #depth} (default: 100). */
    public Builder depth(int levels) {
      return set(RequestLimit.DEPTH, levels);
    }

    /** Sets {@link #digits} (default: 100). */
    public Builder digits(int characters) {
      return set(RequestLimit.DIGITS, characters);
    }

    /** Sets {@link #string} (default: 64 Mi, enough for images and audio). */
    public Builder string(int characters) {
      return set(RequestLimit.STRING, characters);
    }

    /** Sets {@link #nodes} (default: 100,000). */
    public Builder nodes(int max) {
      return set(RequestLimit.NODES, max);
    }

    /** Sets {@link #numbers} (default: 1,000,000). */
    public Builder numbers(int max) {
      return set(RequestLimit.NUMBERS, max);
    }

    /** Sets {@link #messages} (default: 2,048, OpenAI's own limit). */
    public Builder messages(int max) {
      return set(RequestLimit.MESSAGES, max);
    }

    /** Sets {@link #prompts} (default: 2,048). */
    public Builder prompts(int max) {
      return set(RequestLimit.PROMPTS, max);
    }

    /** Sets {@link #tools} (default: 128). */
    public Builder tools(int max) {
      return set(RequestLimit.TOOLS, max);
    }

    /** Sets {@link #metadata} (default: 16, OpenAI's own limit). */
    public Builder metadata(int max) {
      return set(RequestLimit.METADATA, max);
    }

    /** Sets {@link #logitBias} (default: 1,024). */
    public Builder logitBias(int max) {
      return set(RequestLimit.LOGIT_BIAS, max);
    }

    /** Sets {@link #stops} (default: 4, OpenAI's own limit). */
    public Builder stops(int max) {
      return set(RequestLimit.STOPS, max);
    }

    /** Sets {@link #stopLength} (default: 1,000). */
    public Builder stopLength(int characters) {
      return set(RequestLimit.STOP_LENGTH, characters);
    }

    /** Sets {@link #choices} (default: 128, OpenAI's own limit). */
    public Builder choices(int max) {
      return set(RequestLimit.CHOICES, max);
    }

    /** Sets {@link #allChoices} (default: 2,048). */
    public Builder allChoices(int max) {
      return set(RequestLimit.ALL_CHOICES, max);
    }

    /** Sets {@link #inputs} (default: 2,048, OpenAI's own limit). */
    public Builder inputs(int max) {
      return set(RequestLimit.INPUTS, max);
    }

    /** Sets {@link #generatedText} (default: 16 MiB). */
    public Builder generatedText(int bytes) {
      return set(RequestLimit.GENERATED_TEXT, bytes);
    }

    private Builder set(RequestLimit limit, int value) {
      limit.check(value);
      values.put(limit, value);
      return this;
    }

    /**
     * Builds the limits.
     *
     * @throws IllegalArgumentException if {@link #allChoices} is less than {@link #choices}
     */
    public RequestLimits build() {
      var limits = new RequestLimits(values);
      if (limits.allChoices() < limits.choices()) {
        throw new IllegalArgumentException(
            "limit 'all_choices' must be at least 'choices' (%d), was %d"
                .formatted(limits.choices(), limits.allChoices()));
      }
      return limits;
    }
  }
}
