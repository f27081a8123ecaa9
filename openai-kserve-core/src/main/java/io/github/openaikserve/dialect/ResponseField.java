package io.github.openaikserve.dialect;

/** The contents of output tensors. */
public enum ResponseField {
  /** Generated text: BYTES with one element, in UTF-8 that may be split inside a character. */
  TEXT,
  /** The server's finish reason: BYTES with one element. */
  FINISH_REASON,
  /** The number of tokens of the prompt: one integer. */
  PROMPT_TOKENS,
  /** The number of prompt tokens that the server read from its cache: one integer. */
  CACHED_TOKENS,
  /** The number of tokens of this response, or of all responses so far: one integer. */
  COMPLETION_TOKENS,
  /**
   * The log probabilities of the tokens that this response adds: BYTES with one element, in vLLM's
   * format.
   */
  LOGPROBS,
  /** The vectors of embedded inputs: floating-point numbers; see {@link EmbeddingVectors#of}. */
  EMBEDDING,
  /** The score of each pair of texts: one floating-point number for each pair. */
  SCORE,
  /**
   * The scores of the classes of each input: floating-point numbers of shape {@code [n, classes]}.
   * A table that scores pairs without {@link #SCORE} uses the score of the only class.
   */
  CLASS_SCORES,
  /** The labels of the classes: BYTES of shape {@code [classes]} or {@code [n, classes]}. */
  LABELS,
  /** The language of audio: BYTES with one element. */
  LANGUAGE,
  /** The length of audio in seconds: one floating-point number. */
  DURATION,
  /**
   * The segments of a transcript: BYTES with one element, a JSON list of objects with {@code start}
   * and {@code end} in seconds and {@code text}.
   */
  SEGMENTS,
  /**
   * The words of a transcript: one BYTES element with a JSON list of objects. Each has {@code
   * start} and {@code end} in seconds, and {@code word}.
   */
  WORDS,
  /**
   * Spoken audio: BYTES of one element, which is an encoded file or a piece of one; or samples, as
   * floating-point numbers from -1 to 1 or as INT16.
   */
  AUDIO
}
