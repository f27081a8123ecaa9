package io.github.openaikserve.dialect;

/**
 * What an input tensor may carry, named after the request field it comes from, and what becomes of
 * the field where a dialect has no tensor for it. This is the only such table.
 */
public enum RequestField {
  /** The text to continue: a {@code String}. */
  PROMPT("prompt", Fate.REFUSED),
  /** The limit of generated tokens: an {@code Integer}. */
  MAX_TOKENS("max_tokens", Fate.EMULATED),
  /** A {@code Double}. */
  TEMPERATURE("temperature", Fate.DROPPED),
  /** A {@code Double}. */
  TOP_P("top_p", Fate.DROPPED),
  /** An {@code Integer}; not OpenAI's. */
  TOP_K("top_k", Fate.DROPPED),
  /** A {@code Double}; not OpenAI's. */
  MIN_P("min_p", Fate.DROPPED),
  /** A {@code Double}; not OpenAI's. */
  REPETITION_PENALTY("repetition_penalty", Fate.DROPPED),
  /** A {@code Double}. */
  PRESENCE_PENALTY("presence_penalty", Fate.DROPPED),
  /** A {@code Double}. */
  FREQUENCY_PENALTY("frequency_penalty", Fate.DROPPED),
  /** A {@code Map<String, Double>} by token id. */
  LOGIT_BIAS("logit_bias", Fate.DROPPED),
  /** A {@code Long}. */
  SEED("seed", Fate.DROPPED),
  /** How much to think: a {@code String}. */
  REASONING_EFFORT("reasoning_effort", Fate.DROPPED),
  /** The caller's and the template's stop sequences: a {@code List<String>}. */
  STOP("stop", Fate.EMULATED),
  /** How many answers: an {@code Integer}. */
  N("n", Fate.REFUSED),
  /** Of how many answers the best is wanted: an {@code Integer}. */
  BEST_OF("best_of", Fate.REFUSED),
  /** Whether the prompt is repeated in front: a {@code Boolean}. */
  ECHO("echo", Fate.EMULATED),
  /** The text that follows: a {@code String}. */
  SUFFIX("suffix", Fate.REFUSED),
  /** Log probabilities: a {@code Boolean} or, for completions, an {@code Integer}. */
  LOGPROBS("logprobs", Fate.REFUSED),
  /** The shape of the answer: a JSON object as a {@code Map}. */
  RESPONSE_FORMAT("response_format", Fate.REFUSED),
  /** What the model may call: a {@code List<ChatCompletionTool>}. */
  TOOLS("tools", Fate.REFUSED),
  /** Kinds of output other than text: a {@code List<String>}. */
  MODALITIES("modalities", Fate.REFUSED),
  /** Whether responses are wanted as they are generated: a {@code Boolean}. */
  STREAM("stream", Fate.EMULATED),
  /** The texts to embed: a {@code List<String>}. */
  INPUT("input", Fate.REFUSED),
  /** The token ids to embed in place of texts: a {@code List<List<Integer>>}. */
  INPUT_TOKENS("input", Fate.REFUSED),
  /** The length of the vectors: an {@code Integer}, compared with the vectors that come. */
  DIMENSIONS("dimensions", Fate.EMULATED);

  /** What becomes of a field that no tensor carries. */
  public enum Fate {
    /** The library does it itself. */
    EMULATED,
    /** Generation goes on without it, and the answer says so. */
    DROPPED,
    /** The request is refused, because the answer would mean something else. */
    REFUSED
  }

  private final String jsonName;
  private final Fate uncarried;

  RequestField(String jsonName, Fate uncarried) {
    this.jsonName = jsonName;
    this.uncarried = uncarried;
  }

  /** The field's name in a request. */
  public String jsonName() {
    return jsonName;
  }

  /** What becomes of it where a dialect has no tensor for it. */
  public Fate uncarried() {
    return uncarried;
  }
}
