package io.github.openaikserve.openai;

/**
 * How much one request may hold. Immutable.
 *
 * <p>What is over a limit is refused before anything is sent, with an error that names the field
 * and the limit: 413 for the body, 431 for the headers, else 400. What OpenAI itself bounds can
 * only be bounded further, but for tools. Requests of Java callers are held to the limits of what
 * they ask for, not to those of how HTTP and JSON write it.
 *
 * @param body the bytes of a body, at least 1; 2^31-1, which is none, unless set: hosts bound what
 *     they read
 * @param headers the bytes of all names and values of the headers together, at least 1; 64 KiB
 *     unless set
 * @param depth the levels of objects and arrays in the JSON, 3 to 1000; 100 unless set
 * @param digits the characters of a number in the JSON, 1 to 1000; 100 unless set
 * @param string the characters of a string in the JSON, at least 1; 64 Mi unless set
 * @param messages of a conversation, 1 to 2048, which is OpenAI's own limit
 * @param prompts of one request for completions, 1 to 2048
 * @param tools of one request, 1 to 4096; 128 unless set
 * @param stops stop sequences, 1 to 4, which is OpenAI's own limit
 * @param choices of one prompt, 1 to 128, which is OpenAI's own limit
 * @param allChoices of all prompts of a request together, from {@code choices} to 262144; 2048
 *     unless set
 * @param inputs of one request for embeddings, 1 to 2048, which is OpenAI's own limit
 */
public record InputLimits(
    int body,
    int headers,
    int depth,
    int digits,
    int string,
    int messages,
    int prompts,
    int tools,
    int stops,
    int choices,
    int allChoices,
    int inputs) {
  private static final int ANY = Integer.MAX_VALUE;

  /** A request without anything optional has an object in a list in an object. */
  private static final int LEAST_DEPTH = 3;

  /** What is read into a tree is written by recursion. */
  private static final int MOST_DEPTH = 1000;

  /** A number's digits cost their square. */
  private static final int MOST_DIGITS = 1000;

  private static final int MOST_TOOLS = 4096;
  private static final int MOST_ALL_CHOICES = Limits.MAX_ITEMS * Limits.MAX_CHOICES;

  /** What holds unless something else is set. */
  public static final InputLimits DEFAULT = builder().build();

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the limit that is out of its range
   */
  public InputLimits {
    check("body", body, 1, ANY);
    check("headers", headers, 1, ANY);
    check("depth", depth, LEAST_DEPTH, MOST_DEPTH);
    check("digits", digits, 1, MOST_DIGITS);
    check("string", string, 1, ANY);
    check("messages", messages, 1, Limits.MAX_ITEMS);
    check("prompts", prompts, 1, Limits.MAX_ITEMS);
    check("tools", tools, 1, MOST_TOOLS);
    check("stops", stops, 1, Limits.MAX_STOPS);
    check("choices", choices, 1, Limits.MAX_CHOICES);
    check("allChoices", allChoices, choices, MOST_ALL_CHOICES);
    check("inputs", inputs, 1, EmbeddingInput.MAX_SIZE);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "the limit of %s is from %d to %d, not %d".formatted(name, least, most, value));
    }
  }

  /** A builder that has the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that has these. */
  public Builder toBuilder() {
    return builder()
        .body(body)
        .headers(headers)
        .depth(depth)
        .digits(digits)
        .string(string)
        .messages(messages)
        .prompts(prompts)
        .tools(tools)
        .stops(stops)
        .choices(choices)
        .allChoices(allChoices)
        .inputs(inputs);
  }

  /** Puts limits together. Not thread-safe. */
  public static final class Builder {
    private int body = ANY;
    private int headers = 64 << 10;

    /** Deeper than any request a person writes; tool schemas are the deepest part. */
    private int depth = 100;

    private int digits = 100;

    /** Room for pictures and sounds in a message. */
    private int string = 64 << 20;

    private int messages = Limits.MAX_ITEMS;
    private int prompts = Limits.MAX_ITEMS;
    private int tools = 128;
    private int stops = Limits.MAX_STOPS;
    private int choices = Limits.MAX_CHOICES;

    /** Enough for any use, and a bound for what one request can set off. */
    private int allChoices = 2048;

    private int inputs = EmbeddingInput.MAX_SIZE;

    private Builder() {}

    /** The bytes of a body. */
    public Builder body(int bytes) {
      this.body = bytes;
      return this;
    }

    /** The bytes of all names and values of the headers together. */
    public Builder headers(int bytes) {
      this.headers = bytes;
      return this;
    }

    /** The levels of objects and arrays in the JSON. */
    public Builder depth(int levels) {
      this.depth = levels;
      return this;
    }

    /** The characters of a number in the JSON. */
    public Builder digits(int characters) {
      this.digits = characters;
      return this;
    }

    /** The characters of a string in the JSON. */
    public Builder string(int characters) {
      this.string = characters;
      return this;
    }

    /** The messages of a conversation. */
    public Builder messages(int most) {
      this.messages = most;
      return this;
    }

    /** The prompts of one request for completions. */
    public Builder prompts(int most) {
      this.prompts = most;
      return this;
    }

    /** The tools of one request. */
    public Builder tools(int most) {
      this.tools = most;
      return this;
    }

    /** The stop sequences of one request. */
    public Builder stops(int most) {
      this.stops = most;
      return this;
    }

    /** The choices of one prompt. */
    public Builder choices(int most) {
      this.choices = most;
      return this;
    }

    /** The choices of all prompts of a request together. */
    public Builder allChoices(int most) {
      this.allChoices = most;
      return this;
    }

    /** The inputs of one request for embeddings. */
    public Builder inputs(int most) {
      this.inputs = most;
      return this;
    }

    /**
     * The limits.
     *
     * @throws IllegalArgumentException naming the limit that is out of its range
     */
    public InputLimits build() {
      return new InputLimits(
          body,
          headers,
          depth,
          digits,
          string,
          messages,
          prompts,
          tools,
          stops,
          choices,
          allChoices,
          inputs);
    }
  }
}
