package io.github.openaikserve.dialect;

/** What an output tensor may carry. */
public enum ResponseField {
  /** Generated text: BYTES of one element, in UTF-8 that may be cut anywhere. */
  TEXT,
  /** The server's word for why the generation ended: BYTES of one element. */
  FINISH_REASON,
  /** How many tokens the prompt has: one integer. */
  PROMPT_TOKENS,
  /** How many tokens this response adds, or there are so far: one integer. */
  COMPLETION_TOKENS,
  /**
   * Log probabilities of the tokens that this response adds: BYTES of one element, as vLLM has it.
   */
  LOGPROBS,
  /** The vectors of embedded inputs: floating-point numbers; see {@link EmbeddingVectors#of}. */
  EMBEDDING,
  /** The score of each pair of texts: as many floating-point numbers as pairs. */
  SCORE,
  /**
   * The scores of the classes of each input: floating-point numbers of shape {@code [n, classes]}.
   * A table that scores pairs and has no {@link #SCORE} reads the score of the only class.
   */
  CLASS_SCORES,
  /** The labels of the classes: BYTES of shape {@code [classes]} or {@code [n, classes]}. */
  LABELS,
  /** The language of audio: BYTES of one element. */
  LANGUAGE,
  /** The length of audio in seconds: one floating-point number. */
  DURATION,
  /**
   * The parts of a transcript: BYTES of one element, a JSON list of objects with {@code start} and
   * {@code end} in seconds and {@code text}.
   */
  SEGMENTS,
  /**
   * The words of a transcript: BYTES of one element, a JSON list of objects with {@code start} and
   * {@code end} in seconds and {@code word}.
   */
  WORDS,
  /**
   * Spoken audio: BYTES of one element, which is an encoded file or a piece of one; or samples, as
   * floating-point numbers from -1 to 1 or as INT16.
   */
  AUDIO
}
