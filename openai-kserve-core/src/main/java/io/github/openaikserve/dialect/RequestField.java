package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.FieldHandling.*;
import static io.github.openaikserve.dialect.FieldType.*;

import io.github.openaikserve.kserve.Datatype;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The fields of requests, with their handling if a dialect has no tensor for them. This is the only
 * such table.
 *
 * <p>An input tensor may contain any field. The documented types are those of the values in a
 * {@link Generation}.
 */
public enum RequestField {
  // Main inputs of generations.
  /** The text to continue: a {@code String}. */
  PROMPT(TEXT, REJECTED, Of.COMPLETIONS, "prompt"),
  /**
   * The prompt as token ids, an {@code int[]}. Sent instead of {@link #PROMPT}. Both may be set,
   * because the text shows how an answer begins.
   */
  PROMPT_TOKEN_IDS(TOKENS, REJECTED, Of.NOTHING, "prompt"),
  /** The conversation, which the chat template renders as the prompt. */
  MESSAGES(TEXT, EMULATED, Of.CHATS, "messages"),
  /**
   * The images in the messages: a {@code List<String>} of URLs, which may be {@code data:} URLs.
   */
  IMAGES(TEXT, REJECTED, Of.NOTHING, "image_url"),
  /** The audio parts of the messages: a {@code List<String>} of base64. */
  AUDIO(TEXT, REJECTED, Of.NOTHING, "input_audio"),
  /** The model, which selects the route. */
  MODEL(TEXT, EMULATED, Of.ALL, "model"),
  /** The text after the completion: a {@code String}. */
  SUFFIX(TEXT, REJECTED, Of.COMPLETIONS, "suffix"),

  // Sampling.
  /** The limit of generated tokens: an {@code Integer}. */
  MAX_TOKENS(
      WHOLE_NUMBER, EMULATED, Of.GENERATION, "max_tokens", "max_completion_tokens", "n_predict"),
  /** A {@code Double}. */
  TEMPERATURE(REAL_NUMBER, DROPPED, Of.GENERATION, "temperature"),
  /** A {@code Double}. */
  TOP_P(REAL_NUMBER, DROPPED, Of.GENERATION, "top_p"),
  /** An {@code Integer}; not OpenAI's. 0 and -1 turn it off. */
  TOP_K(WHOLE_NUMBER, DROPPED, Of.GENERATION, "top_k"),
  /** A {@code Double}; not OpenAI's. */
  MIN_P(REAL_NUMBER, DROPPED, Of.GENERATION, "min_p"),
  /** A {@code Double}; not OpenAI's. */
  REPETITION_PENALTY(REAL_NUMBER, DROPPED, Of.GENERATION, "repetition_penalty", "repeat_penalty"),
  /** A {@code Double}. */
  PRESENCE_PENALTY(REAL_NUMBER, DROPPED, Of.GENERATION, "presence_penalty"),
  /** A {@code Double}. */
  FREQUENCY_PENALTY(REAL_NUMBER, DROPPED, Of.GENERATION, "frequency_penalty"),
  /** A {@code Map<String, Double>} by token id. */
  LOGIT_BIAS(TEXT, DROPPED, Of.GENERATION, "logit_bias"),
  /** A {@code Long}. */
  SEED(WHOLE_NUMBER, DROPPED, Of.GENERATION, "seed"),
  /** The minimum number of generated tokens: an {@code Integer}; not OpenAI's. */
  MIN_TOKENS(WHOLE_NUMBER, DROPPED, Of.GENERATION, "min_tokens"),
  /** Whether to continue after the model's end token: a {@code Boolean}; not OpenAI's. */
  IGNORE_EOS(BOOLEAN, DROPPED, Of.GENERATION, "ignore_eos"),
  /**
   * Whether special tokens are omitted from the text: a {@code Boolean}; not OpenAI's. They are
   * requested if they mark tool calls or reasoning.
   */
  SKIP_SPECIAL_TOKENS(BOOLEAN, DROPPED, Of.GENERATION, "skip_special_tokens"),
  /** The reasoning effort: a {@code String}. Passed to chat templates that read it. */
  REASONING_EFFORT(TEXT, DROPPED, Of.CHATS, "reasoning_effort"),
  /**
   * The maximum number of reasoning tokens: an {@code Integer}; -1 for no limit. If there is no
   * tensor for it, this library ends the reasoning and lets the model continue.
   */
  THINKING_TOKEN_BUDGET(WHOLE_NUMBER, DROPPED, Of.CHATS, "thinking_token_budget"),
  /** The verbosity: a {@code String}. Passed to chat templates that read it. */
  VERBOSITY(TEXT, DROPPED, Of.CHATS, "verbosity"),
  /** Variables of the chat template: a JSON object as a {@code Map}; not OpenAI's. */
  CHAT_TEMPLATE_KWARGS(TEXT, DROPPED, Of.CHATS, "chat_template_kwargs"),

  // End of the generation.
  /** The caller's and the template's stop sequences: a {@code List<String>}. */
  STOP(TEXT, EMULATED, Of.GENERATION, "stop"),
  /** The tokens at which to stop: an {@code int[]}; not OpenAI's. */
  STOP_TOKEN_IDS(TOKENS, REJECTED, Of.GENERATION, "stop_token_ids"),

  // Contents of the answer.
  /** Whether responses are wanted as they are generated: a {@code Boolean}. */
  STREAM(BOOLEAN, EMULATED, Of.GENERATION, "stream"),
  /** Whether the stream includes the usage. */
  STREAM_OPTIONS(TEXT, EMULATED, Of.GENERATION, "stream_options"),
  /**
   * The number of answers. Must not have a tensor, because each answer is a separate generation.
   */
  N(WHOLE_NUMBER, EMULATED, Of.GENERATION, "n"),
  /** The number of answers from which the best is returned: an {@code Integer}. */
  BEST_OF(WHOLE_NUMBER, REJECTED, Of.COMPLETIONS, "best_of"),
  /**
   * Whether the prompt is repeated before the text: a {@code Boolean}. If there is a tensor for it,
   * the server repeats the prompt in the text and in the log probabilities.
   */
  ECHO(BOOLEAN, EMULATED, Of.COMPLETIONS, "echo"),
  /** Whether to return log probabilities: a {@code Boolean}. */
  LOGPROBS(BOOLEAN, REJECTED, Of.GENERATION, "logprobs"),
  /** The number of most likely tokens to return: an {@code Integer}. */
  TOP_LOGPROBS(WHOLE_NUMBER, REJECTED, Of.CHATS, "top_logprobs"),
  /** The format of the answer: a JSON object as a {@code Map}. A route may emulate it. */
  RESPONSE_FORMAT(TEXT, REJECTED, Of.CHATS, "response_format"),
  /** The kinds of output: a {@code List<String>}. */
  MODALITIES(TEXT, REJECTED, Of.CHATS, "modalities"),
  /** The settings of spoken output. */
  AUDIO_OUTPUT(TEXT, REJECTED, Of.CHATS, "audio"),
  /** Whether input and output are moderated. */
  MODERATION(TEXT, REJECTED, Of.CHATS, "moderation"),
  /** The settings of a web search. */
  WEB_SEARCH_OPTIONS(TEXT, REJECTED, Of.CHATS, "web_search_options"),

  // Embeddings and classification.
  /** The texts to embed or classify: a {@code List<String>}. */
  INPUT(TEXT, REJECTED, Of.TEXTS, "input"),
  /** The token ids to embed or classify instead of texts: an {@code int[]} for one input. */
  INPUT_TOKENS(TOKENS, REJECTED, Of.NOTHING, "input"),
  /**
   * The length of the vectors: an {@code Integer}, which is checked against the returned vectors.
   */
  DIMENSIONS(LENGTH, EMULATED, Of.EMBEDDINGS, "dimensions"),
  /** Whether the vectors are returned as numbers or as base64. */
  ENCODING_FORMAT(TEXT, EMULATED, Of.EMBEDDINGS, "encoding_format"),

  // Scores. A table has rows for documents and for one of the two forms of queries, or one row for
  // pairs.
  /** The text that all documents of a call are scored against: a {@code String}. */
  QUERY(TEXT, REJECTED, Of.SCORES, "query", "text_1", "queries"),
  /** The text that each document is scored against: a {@code List<String>} of the same length. */
  QUERIES(TEXT, REJECTED, Of.NOTHING, "query"),
  /** The texts to score: a {@code List<String>}. */
  DOCUMENTS(TEXT, REJECTED, Of.SCORES, "documents", "text_2"),
  /**
   * The queries with their documents: a {@code List<List<String>>} of two texts each, sent with
   * shape {@code [n, 2]}.
   */
  TEXT_PAIRS(TEXT, REJECTED, Of.NOTHING, "documents"),
  /** The number of best documents to return: an {@code Integer}. */
  TOP_N(WHOLE_NUMBER, EMULATED, Of.SCORES, "top_n"),
  /** Whether the answer repeats the documents: a {@code Boolean}. */
  RETURN_DOCUMENTS(BOOLEAN, EMULATED, Of.SCORES, "return_documents"),

  // Audio.
  /** The audio to transcribe: a {@code ByteBuffer} with the file as sent by the client. */
  AUDIO_FILE(TEXT, REJECTED, Of.TRANSCRIPTIONS, "file"),
  /** The task, {@code transcribe} or {@code translate}: a {@code String}. */
  TASK(TEXT, REJECTED, Of.NOTHING, "task"),
  /** The language of the audio: a {@code String}. */
  LANGUAGE(TEXT, DROPPED, Of.TRANSCRIPTIONS, "language"),
  /** A text that precedes the audio: a {@code String}. */
  AUDIO_PROMPT(TEXT, DROPPED, Of.TRANSCRIPTIONS, "prompt"),
  /** The sampling temperature of a transcription: a {@code Double}. */
  AUDIO_TEMPERATURE(REAL_NUMBER, DROPPED, Of.TRANSCRIPTIONS, "temperature"),
  /** The format of the answer, which this library creates from text and segments. */
  TRANSCRIPTION_FORMAT(TEXT, EMULATED, Of.TRANSCRIPTIONS, "response_format"),
  /**
   * The granularities of timestamps. Only segments are supported, if there is an output tensor for
   * them.
   */
  TIMESTAMP_GRANULARITIES(
      TEXT, EMULATED, Of.TRANSCRIPTIONS, "timestamp_granularities", "timestamp_granularities[]"),
  /** The text to speak: a {@code String}. */
  SPEECH_TEXT(TEXT, REJECTED, Of.SPEECHES, "input"),
  /** The voice: a {@code String}. */
  VOICE(TEXT, DROPPED, Of.SPEECHES, "voice"),
  /** Instructions for the style of speech: a {@code String}. */
  INSTRUCTIONS(TEXT, DROPPED, Of.SPEECHES, "instructions"),
  /** The audio format, such as {@code mp3}: a {@code String}. */
  SPEECH_FORMAT(TEXT, EMULATED, Of.SPEECHES, "response_format"),
  /** The speed: a {@code Double}. */
  SPEED(REAL_NUMBER, DROPPED, Of.SPEECHES, "speed"),
  /** Whether audio is sent as bytes or as events. */
  STREAM_FORMAT(TEXT, EMULATED, Of.SPEECHES, "stream_format"),

  // Tools.
  /**
   * The tools that the model may call: a {@code List<ChatCompletionTool>}. Emulated if the route
   * has a tool call format.
   */
  TOOLS(TEXT, REJECTED, Of.CHATS, "tools", "functions"),
  /** Whether and which tool the model must call. */
  TOOL_CHOICE(TEXT, EMULATED, Of.CHATS, "tool_choice", "function_call"),
  /**
   * The structures of a required tool call, for servers with constrained decoding: a JSON object as
   * a {@code Map}. {@code structures} is a list of objects. The prompt contains the beginning of a
   * call; the text after it must consist of {@code begin}, a value that is valid against {@code
   * schema}, and {@code end} of one of these objects.
   */
  TOOL_CALL_STRUCTURES(TEXT, IGNORED, Of.NOTHING, "tool_choice"),
  /** Whether several tool calls in one answer are allowed: a {@code Boolean}. */
  PARALLEL_TOOL_CALLS(BOOLEAN, EMULATED, Of.CHATS, "parallel_tool_calls"),

  // Fields of vLLM, llama.cpp and SGLang for which servers have tensors.
  /**
   * A constraint on the text: vLLM's structured outputs as a {@code Map} with one of {@code json},
   * {@code json_object}, {@code regex}, {@code choice}, {@code grammar} and {@code structural_tag},
   * and their options. The other JSON names contain the value of one of the keys.
   */
  STRUCTURED_OUTPUTS(
      TEXT,
      REJECTED,
      Of.GENERATION,
      "structured_outputs",
      "guided_json",
      "guided_regex",
      "guided_choice",
      "guided_grammar",
      "json_schema",
      "regex",
      "grammar",
      "ebnf"),
  /** Whether the stop sequence remains in the text: a {@code Boolean}. */
  INCLUDE_STOP_STR_IN_OUTPUT(
      BOOLEAN, REJECTED, Of.GENERATION, "include_stop_str_in_output", "no_stop_trim"),
  /** The words that must not be generated: a {@code List<String>}. */
  BAD_WORDS(TEXT, REJECTED, Of.GENERATION, "bad_words"),
  /** The only tokens that may be generated: an {@code int[]}. */
  ALLOWED_TOKEN_IDS(TOKENS, REJECTED, Of.GENERATION, "allowed_token_ids"),
  /** The number of tokens at the end of the prompt that are used: an {@code Integer}. */
  TRUNCATE_PROMPT_TOKENS(WHOLE_NUMBER, REJECTED, Of.GENERATION, "truncate_prompt_tokens"),
  /** The LoRA adapter to generate with: a {@code String}. */
  LORA_NAME(TEXT, REJECTED, Of.GENERATION, "lora_name"),
  /** Whether spaces separate special tokens in the text: a {@code Boolean}. */
  SPACES_BETWEEN_SPECIAL_TOKENS(BOOLEAN, DROPPED, Of.GENERATION, "spaces_between_special_tokens"),
  /** The priority of the request, lower values first: an {@code Integer}. */
  PRIORITY(WHOLE_NUMBER, DROPPED, Of.GENERATION, "priority"),
  /** The exponent of an answer's length in a beam search: a {@code Double}. */
  LENGTH_PENALTY(REAL_NUMBER, DROPPED, Of.GENERATION, "length_penalty"),
  /** Values for extensions of the server: a JSON object as a {@code Map}. */
  VLLM_XARGS(TEXT, DROPPED, Of.GENERATION, "vllm_xargs"),
  /** Whether the answer continues the last message, an assistant message: a {@code Boolean}. */
  CONTINUE_FINAL_MESSAGE(BOOLEAN, EMULATED, Of.CHATS, "continue_final_message"),
  /** Whether the prompt ends with the start of an assistant message: a {@code Boolean}. */
  ADD_GENERATION_PROMPT(BOOLEAN, EMULATED, Of.CHATS, "add_generation_prompt"),

  // Fields that do not affect a generation.
  /** The end user. */
  USER(TEXT, IGNORED, Of.ALL, "user"),
  /** The hashed id of the end user. */
  SAFETY_IDENTIFIER(TEXT, IGNORED, Of.CHATS, "safety_identifier"),
  /** The caller's metadata. */
  METADATA(TEXT, IGNORED, Of.CHATS, "metadata"),
  /** Whether OpenAI may store the answer. */
  STORE(BOOLEAN, IGNORED, Of.CHATS, "store"),
  /** The service tier. */
  SERVICE_TIER(TEXT, IGNORED, Of.CHATS, "service_tier"),
  /** The predicted output, which makes the generation faster. */
  PREDICTION(TEXT, IGNORED, Of.CHATS, "prediction"),
  /** The key of the prompt cache. */
  PROMPT_CACHE_KEY(TEXT, IGNORED, Of.CHATS, "prompt_cache_key"),
  /** The retention of the prompt cache. */
  PROMPT_CACHE_RETENTION(TEXT, IGNORED, Of.CHATS, "prompt_cache_retention"),
  /** The options of the prompt cache. */
  PROMPT_CACHE_OPTIONS(TEXT, IGNORED, Of.CHATS, "prompt_cache_options");

  /** The kinds of requests that have a field. */
  private static final class Of {
    static final Set<RequestKind> ALL = Set.of(RequestKind.values());
    static final Set<RequestKind> GENERATION = Set.of(RequestKind.CHAT, RequestKind.COMPLETION);
    static final Set<RequestKind> CHATS = Set.of(RequestKind.CHAT);
    static final Set<RequestKind> COMPLETIONS = Set.of(RequestKind.COMPLETION);
    static final Set<RequestKind> EMBEDDINGS = Set.of(RequestKind.EMBEDDING);
    static final Set<RequestKind> TEXTS = Set.of(RequestKind.EMBEDDING, RequestKind.CLASSIFICATION);
    static final Set<RequestKind> SCORES = Set.of(RequestKind.SCORE);
    static final Set<RequestKind> TRANSCRIPTIONS = Set.of(RequestKind.TRANSCRIPTION);
    static final Set<RequestKind> SPEECHES = Set.of(RequestKind.SPEECH);
    static final Set<RequestKind> NOTHING = Set.of();

    private Of() {}
  }

  private static final Set<RequestField> SUBJECTS =
      EnumSet.of(
          PROMPT,
          INPUT,
          INPUT_TOKENS,
          QUERY,
          QUERIES,
          DOCUMENTS,
          TEXT_PAIRS,
          AUDIO_FILE,
          SPEECH_TEXT);

  private final FieldType type;
  private final FieldHandling withoutTensor;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of and List.of are immutable
  private final Set<RequestKind> kinds;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> jsonNames;

  RequestField(
      FieldType type, FieldHandling withoutTensor, Set<RequestKind> kinds, String... jsonNames) {
    this.type = type;
    this.withoutTensor = withoutTensor;
    this.kinds = kinds;
    this.jsonNames = List.of(jsonNames);
  }

  /** Returns the field's name in a request; the first of {@link #jsonNames}. */
  public String jsonName() {
    return jsonNames.get(0);
  }

  /**
   * Returns the field's names in requests: the current one, older and newer ones, and those of
   * other servers.
   */
  public List<String> jsonNames() {
    return jsonNames;
  }

  /** Returns the kinds of requests that have the field; empty for a part of another field. */
  public Set<RequestKind> kinds() {
    return kinds;
  }

  /** Returns the handling of the field if a dialect has no tensor for it. */
  public FieldHandling withoutTensor() {
    return withoutTensor;
  }

  /** Returns whether the field is a main input of requests, such as a prompt. */
  public boolean isSubject() {
    return SUBJECTS.contains(this);
  }

  /** Returns whether only requests for generated text have the field. */
  boolean isOfGenerations() {
    return !kinds.isEmpty() && kinds.stream().allMatch(RequestKind::isGeneration);
  }

  /**
   * Returns whether a tensor of a type can represent the values of the field without conversion.
   */
  boolean fits(Datatype datatype) {
    return type.fits(datatype);
  }
}
