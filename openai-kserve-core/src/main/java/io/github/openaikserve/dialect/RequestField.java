package io.github.openaikserve.dialect;

import io.github.openaikserve.kserve.Datatype;
import java.util.Arrays;
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
  PROMPT(FieldHandling.REJECTED, Of.COMPLETIONS, "prompt"),
  /**
   * The prompt as token ids, an {@code int[]}. Sent instead of {@link #PROMPT}. Both may be set,
   * because the text shows how an answer begins.
   */
  PROMPT_TOKEN_IDS(FieldHandling.REJECTED, Of.NOTHING, "prompt"),
  /** The conversation, which the chat template renders as the prompt. */
  MESSAGES(FieldHandling.EMULATED, Of.CHATS, "messages"),
  /**
   * The images in the messages: a {@code List<String>} of URLs, which may be {@code data:} URLs.
   */
  IMAGES(FieldHandling.REJECTED, Of.NOTHING, "image_url"),
  /** The audio parts of the messages: a {@code List<String>} of base64. */
  AUDIO(FieldHandling.REJECTED, Of.NOTHING, "input_audio"),
  /** The model, which selects the route. */
  MODEL(FieldHandling.EMULATED, Of.ALL, "model"),
  /** The text after the completion: a {@code String}. */
  SUFFIX(FieldHandling.REJECTED, Of.COMPLETIONS, "suffix"),

  // Sampling.
  /** The limit of generated tokens: an {@code Integer}. */
  MAX_TOKENS(
      FieldHandling.EMULATED, Of.GENERATION, "max_tokens", "max_completion_tokens", "n_predict"),
  /** A {@code Double}. */
  TEMPERATURE(FieldHandling.DROPPED, Of.GENERATION, "temperature"),
  /** A {@code Double}. */
  TOP_P(FieldHandling.DROPPED, Of.GENERATION, "top_p"),
  /** An {@code Integer}; not OpenAI's. 0 and -1 turn it off. */
  TOP_K(FieldHandling.DROPPED, Of.GENERATION, "top_k"),
  /** A {@code Double}; not OpenAI's. */
  MIN_P(FieldHandling.DROPPED, Of.GENERATION, "min_p"),
  /** A {@code Double}; not OpenAI's. */
  REPETITION_PENALTY(FieldHandling.DROPPED, Of.GENERATION, "repetition_penalty", "repeat_penalty"),
  /** A {@code Double}. */
  PRESENCE_PENALTY(FieldHandling.DROPPED, Of.GENERATION, "presence_penalty"),
  /** A {@code Double}. */
  FREQUENCY_PENALTY(FieldHandling.DROPPED, Of.GENERATION, "frequency_penalty"),
  /** A {@code Map<String, Double>} by token id. */
  LOGIT_BIAS(FieldHandling.DROPPED, Of.GENERATION, "logit_bias"),
  /** A {@code Long}. */
  SEED(FieldHandling.DROPPED, Of.GENERATION, "seed"),
  /** The minimum number of generated tokens: an {@code Integer}; not OpenAI's. */
  MIN_TOKENS(FieldHandling.DROPPED, Of.GENERATION, "min_tokens"),
  /** Whether to continue after the model's end token: a {@code Boolean}; not OpenAI's. */
  IGNORE_EOS(FieldHandling.DROPPED, Of.GENERATION, "ignore_eos"),
  /**
   * Whether special tokens are omitted from the text: a {@code Boolean}; not OpenAI's. They are
   * requested if they mark tool calls or reasoning.
   */
  SKIP_SPECIAL_TOKENS(FieldHandling.DROPPED, Of.GENERATION, "skip_special_tokens"),
  /** The reasoning effort: a {@code String}. Passed to chat templates that read it. */
  REASONING_EFFORT(FieldHandling.DROPPED, Of.CHATS, "reasoning_effort"),
  /**
   * The maximum number of reasoning tokens: an {@code Integer}; -1 for no limit. If there is no
   * tensor for it, this library ends the reasoning and lets the model continue.
   */
  THINKING_TOKEN_BUDGET(FieldHandling.DROPPED, Of.CHATS, "thinking_token_budget"),
  /** The verbosity: a {@code String}. Passed to chat templates that read it. */
  VERBOSITY(FieldHandling.DROPPED, Of.CHATS, "verbosity"),
  /** Variables of the chat template: a JSON object as a {@code Map}; not OpenAI's. */
  CHAT_TEMPLATE_KWARGS(FieldHandling.DROPPED, Of.CHATS, "chat_template_kwargs"),

  // End of the generation.
  /** The caller's and the template's stop sequences: a {@code List<String>}. */
  STOP(FieldHandling.EMULATED, Of.GENERATION, "stop"),
  /** The tokens at which to stop: an {@code int[]}; not OpenAI's. */
  STOP_TOKEN_IDS(FieldHandling.REJECTED, Of.GENERATION, "stop_token_ids"),

  // Contents of the answer.
  /** Whether responses are wanted as they are generated: a {@code Boolean}. */
  STREAM(FieldHandling.EMULATED, Of.GENERATION, "stream"),
  /** Whether the stream includes the usage. */
  STREAM_OPTIONS(FieldHandling.EMULATED, Of.GENERATION, "stream_options"),
  /**
   * The number of answers. Must not have a tensor, because each answer is a separate generation.
   */
  N(FieldHandling.EMULATED, Of.GENERATION, "n"),
  /** The number of answers from which the best is returned: an {@code Integer}. */
  BEST_OF(FieldHandling.REJECTED, Of.COMPLETIONS, "best_of"),
  /**
   * Whether the prompt is repeated before the text: a {@code Boolean}. If there is a tensor for it,
   * the server repeats the prompt in the text and in the log probabilities.
   */
  ECHO(FieldHandling.EMULATED, Of.COMPLETIONS, "echo"),
  /** Whether to return log probabilities: a {@code Boolean}. */
  LOGPROBS(FieldHandling.REJECTED, Of.GENERATION, "logprobs"),
  /** The number of most likely tokens to return: an {@code Integer}. */
  TOP_LOGPROBS(FieldHandling.REJECTED, Of.CHATS, "top_logprobs"),
  /** The format of the answer: a JSON object as a {@code Map}. A route may emulate it. */
  RESPONSE_FORMAT(FieldHandling.REJECTED, Of.CHATS, "response_format"),
  /** The kinds of output: a {@code List<String>}. */
  MODALITIES(FieldHandling.REJECTED, Of.CHATS, "modalities"),
  /** The settings of spoken output. */
  AUDIO_OUTPUT(FieldHandling.REJECTED, Of.CHATS, "audio"),
  /** Whether input and output are moderated. */
  MODERATION(FieldHandling.REJECTED, Of.CHATS, "moderation"),
  /** The settings of a web search. */
  WEB_SEARCH_OPTIONS(FieldHandling.REJECTED, Of.CHATS, "web_search_options"),

  // Embeddings and classification.
  /** The texts to embed or classify: a {@code List<String>}. */
  INPUT(FieldHandling.REJECTED, Of.TEXTS, "input"),
  /** The token ids to embed or classify instead of texts: an {@code int[]} for one input. */
  INPUT_TOKENS(FieldHandling.REJECTED, Of.NOTHING, "input"),
  /**
   * The length of the vectors: an {@code Integer}, which is checked against the returned vectors.
   */
  DIMENSIONS(FieldHandling.EMULATED, Of.EMBEDDINGS, "dimensions"),
  /** Whether the vectors are returned as numbers or as base64. */
  ENCODING_FORMAT(FieldHandling.EMULATED, Of.EMBEDDINGS, "encoding_format"),

  // Scores. A table has rows for documents and for one of the two forms of queries, or one row for
  // pairs.
  /** The text that all documents of a call are scored against: a {@code String}. */
  QUERY(FieldHandling.REJECTED, Of.SCORES, "query", "text_1", "queries"),
  /** The text that each document is scored against: a {@code List<String>} of the same length. */
  QUERIES(FieldHandling.REJECTED, Of.NOTHING, "query"),
  /** The texts to score: a {@code List<String>}. */
  DOCUMENTS(FieldHandling.REJECTED, Of.SCORES, "documents", "text_2"),
  /**
   * The queries with their documents: a {@code List<List<String>>} of two texts each, sent with
   * shape {@code [n, 2]}.
   */
  TEXT_PAIRS(FieldHandling.REJECTED, Of.NOTHING, "documents"),
  /** The number of best documents to return: an {@code Integer}. */
  TOP_N(FieldHandling.EMULATED, Of.SCORES, "top_n"),
  /** Whether the answer repeats the documents: a {@code Boolean}. */
  RETURN_DOCUMENTS(FieldHandling.EMULATED, Of.SCORES, "return_documents"),

  // Audio.
  /** The audio to transcribe: a {@code ByteBuffer} with the file as sent by the client. */
  AUDIO_FILE(FieldHandling.REJECTED, Of.TRANSCRIPTIONS, "file"),
  /** The task, {@code transcribe} or {@code translate}: a {@code String}. */
  TASK(FieldHandling.REJECTED, Of.NOTHING, "task"),
  /** The language of the audio: a {@code String}. */
  LANGUAGE(FieldHandling.DROPPED, Of.TRANSCRIPTIONS, "language"),
  /** A text that precedes the audio: a {@code String}. */
  AUDIO_PROMPT(FieldHandling.DROPPED, Of.TRANSCRIPTIONS, "prompt"),
  /** The sampling temperature of a transcription: a {@code Double}. */
  AUDIO_TEMPERATURE(FieldHandling.DROPPED, Of.TRANSCRIPTIONS, "temperature"),
  /** The format of the answer, which this library creates from text and segments. */
  TRANSCRIPTION_FORMAT(FieldHandling.EMULATED, Of.TRANSCRIPTIONS, "response_format"),
  /**
   * The granularities of timestamps. Only segments are supported, if there is an output tensor for
   * them.
   */
  TIMESTAMP_GRANULARITIES(
      FieldHandling.EMULATED,
      Of.TRANSCRIPTIONS,
      "timestamp_granularities",
      "timestamp_granularities[]"),
  /** The text to speak: a {@code String}. */
  SPEECH_TEXT(FieldHandling.REJECTED, Of.SPEECHES, "input"),
  /** The voice: a {@code String}. */
  VOICE(FieldHandling.DROPPED, Of.SPEECHES, "voice"),
  /** Instructions for the style of speech: a {@code String}. */
  INSTRUCTIONS(FieldHandling.DROPPED, Of.SPEECHES, "instructions"),
  /** The audio format, such as {@code mp3}: a {@code String}. */
  SPEECH_FORMAT(FieldHandling.EMULATED, Of.SPEECHES, "response_format"),
  /** The speed: a {@code Double}. */
  SPEED(FieldHandling.DROPPED, Of.SPEECHES, "speed"),
  /** Whether audio is sent as bytes or as events. */
  STREAM_FORMAT(FieldHandling.EMULATED, Of.SPEECHES, "stream_format"),

  // Tools.
  /**
   * The tools that the model may call: a {@code List<ChatCompletionTool>}. Emulated if the route
   * has a tool call format.
   */
  TOOLS(FieldHandling.REJECTED, Of.CHATS, "tools", "functions"),
  /** Whether and which tool the model must call. */
  TOOL_CHOICE(FieldHandling.EMULATED, Of.CHATS, "tool_choice", "function_call"),
  /**
   * The structures of a required tool call, for servers with constrained decoding: a JSON object as
   * a {@code Map}. {@code structures} is a list of objects. The prompt contains the beginning of a
   * call; the text after it must consist of {@code begin}, a value that is valid against {@code
   * schema}, and {@code end} of one of these objects.
   */
  TOOL_CALL_STRUCTURES(FieldHandling.IGNORED, Set.of(), "tool_choice"),
  /** Whether several tool calls in one answer are allowed: a {@code Boolean}. */
  PARALLEL_TOOL_CALLS(FieldHandling.EMULATED, Of.CHATS, "parallel_tool_calls"),

  // Fields of vLLM, llama.cpp and SGLang for which servers have tensors.
  /**
   * A constraint on the text: vLLM's structured outputs as a {@code Map} with one of {@code json},
   * {@code json_object}, {@code regex}, {@code choice}, {@code grammar} and {@code structural_tag},
   * and their options. The other JSON names contain the value of one of the keys.
   */
  STRUCTURED_OUTPUTS(
      FieldHandling.REJECTED,
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
      FieldHandling.REJECTED, Of.GENERATION, "include_stop_str_in_output", "no_stop_trim"),
  /** The words that must not be generated: a {@code List<String>}. */
  BAD_WORDS(FieldHandling.REJECTED, Of.GENERATION, "bad_words"),
  /** The only tokens that may be generated: an {@code int[]}. */
  ALLOWED_TOKEN_IDS(FieldHandling.REJECTED, Of.GENERATION, "allowed_token_ids"),
  /** The number of tokens at the end of the prompt that are used: an {@code Integer}. */
  TRUNCATE_PROMPT_TOKENS(FieldHandling.REJECTED, Of.GENERATION, "truncate_prompt_tokens"),
  /** The LoRA adapter to generate with: a {@code String}. */
  LORA_NAME(FieldHandling.REJECTED, Of.GENERATION, "lora_name"),
  /** Whether spaces separate special tokens in the text: a {@code Boolean}. */
  SPACES_BETWEEN_SPECIAL_TOKENS(
      FieldHandling.DROPPED, Of.GENERATION, "spaces_between_special_tokens"),
  /** The priority of the request, lower values first: an {@code Integer}. */
  PRIORITY(FieldHandling.DROPPED, Of.GENERATION, "priority"),
  /** The exponent of an answer's length in a beam search: a {@code Double}. */
  LENGTH_PENALTY(FieldHandling.DROPPED, Of.GENERATION, "length_penalty"),
  /** Values for extensions of the server: a JSON object as a {@code Map}. */
  VLLM_XARGS(FieldHandling.DROPPED, Of.GENERATION, "vllm_xargs"),
  /** Whether the answer continues the last message, an assistant message: a {@code Boolean}. */
  CONTINUE_FINAL_MESSAGE(FieldHandling.EMULATED, Of.CHATS, "continue_final_message"),
  /** Whether the prompt ends with the start of an assistant message: a {@code Boolean}. */
  ADD_GENERATION_PROMPT(FieldHandling.EMULATED, Of.CHATS, "add_generation_prompt"),

  // Fields that do not affect a generation.
  /** The end user. */
  USER(FieldHandling.IGNORED, Of.ALL, "user"),
  /** The hashed id of the end user. */
  SAFETY_IDENTIFIER(FieldHandling.IGNORED, Of.CHATS, "safety_identifier"),
  /** The caller's metadata. */
  METADATA(FieldHandling.IGNORED, Of.CHATS, "metadata"),
  /** Whether OpenAI may store the answer. */
  STORE(FieldHandling.IGNORED, Of.CHATS, "store"),
  /** The service tier. */
  SERVICE_TIER(FieldHandling.IGNORED, Of.CHATS, "service_tier"),
  /** The predicted output, which makes the generation faster. */
  PREDICTION(FieldHandling.IGNORED, Of.CHATS, "prediction"),
  /** The key of the prompt cache. */
  PROMPT_CACHE_KEY(FieldHandling.IGNORED, Of.CHATS, "prompt_cache_key"),
  /** The retention of the prompt cache. */
  PROMPT_CACHE_RETENTION(FieldHandling.IGNORED, Of.CHATS, "prompt_cache_retention"),
  /** The options of the prompt cache. */
  PROMPT_CACHE_OPTIONS(FieldHandling.IGNORED, Of.CHATS, "prompt_cache_options");

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

  private final FieldHandling withoutTensor;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of and List.of are immutable
  private final Set<RequestKind> kinds;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> jsonNames;

  RequestField(FieldHandling withoutTensor, Set<RequestKind> kinds, String... jsonNames) {
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
    return switch (this) {
      case PROMPT,
          INPUT,
          INPUT_TOKENS,
          QUERY,
          QUERIES,
          DOCUMENTS,
          TEXT_PAIRS,
          AUDIO_FILE,
          SPEECH_TEXT ->
          true;
      default -> false;
    };
  }

  /** Returns whether only requests for generated text have the field. */
  boolean isOfGenerations() {
    return !kinds.isEmpty() && kinds.stream().allMatch(RequestKind::isGeneration);
  }

  private static final RequestField[] BOOLEANS = {
    STREAM,
    ECHO,
    LOGPROBS,
    IGNORE_EOS,
    SKIP_SPECIAL_TOKENS,
    INCLUDE_STOP_STR_IN_OUTPUT,
    SPACES_BETWEEN_SPECIAL_TOKENS,
    CONTINUE_FINAL_MESSAGE,
    ADD_GENERATION_PROMPT,
    PARALLEL_TOOL_CALLS,
    RETURN_DOCUMENTS,
    STORE
  };
  private static final RequestField[] WHOLE_NUMBERS = {
    MAX_TOKENS,
    MIN_TOKENS,
    TOP_K,
    SEED,
    N,
    BEST_OF,
    TOP_LOGPROBS,
    TOP_N,
    TRUNCATE_PROMPT_TOKENS,
    PRIORITY,
    THINKING_TOKEN_BUDGET
  };
  private static final RequestField[] REAL_NUMBERS = {
    TEMPERATURE,
    TOP_P,
    MIN_P,
    REPETITION_PENALTY,
    PRESENCE_PENALTY,
    FREQUENCY_PENALTY,
    LENGTH_PENALTY,
    AUDIO_TEMPERATURE,
    SPEED
  };
  private static final RequestField[] TOKEN_IDS = {
    PROMPT_TOKEN_IDS, INPUT_TOKENS, STOP_TOKEN_IDS, ALLOWED_TOKEN_IDS
  };

  /**
   * Returns whether a tensor of a type can represent the values of the field without conversion.
   */
  boolean fits(Datatype datatype) {
    boolean text = datatype == Datatype.BYTES;
    if (is(BOOLEANS)) {
      return text || datatype == Datatype.BOOL;
    } else if (is(WHOLE_NUMBERS)) {
      return datatype != Datatype.BOOL && Scalars.canEncode(datatype);
    } else if (is(REAL_NUMBERS)) {
      return text || Declared.isFloat(datatype);
    } else if (is(TOKEN_IDS)) {
      return Declared.isInteger(datatype) && datatype.size() >= Integer.BYTES;
    }
    return this == DIMENSIONS ? Declared.isInteger(datatype) : text; // texts, lists, JSON
  }

  private boolean is(RequestField[] kind) {
    return Arrays.asList(kind).contains(this);
  }
}
