package io.github.openaikserve.dialect;

import java.util.List;
import java.util.Set;

/**
 * The fields of requests, with their handling where a dialect has no tensor for them. This is the
 * only such table.
 *
 * <p>An input tensor may carry any of them; the types are those of the values in a {@link
 * Generation}.
 */
public enum RequestField {
  // What is to be continued.
  /** The text to continue: a {@code String}. */
  PROMPT(FieldHandling.REJECTED, Set.of(RequestKind.COMPLETION), "prompt"),
  /** The same as token ids: an {@code int[]}; given in place of the text. */
  PROMPT_TOKEN_IDS(FieldHandling.REJECTED, Set.of(), "prompt"),
  /** The conversation: the chat template makes the prompt of it. */
  MESSAGES(FieldHandling.EMULATED, Set.of(RequestKind.CHAT), "messages"),
  /** Pictures in the messages: a {@code List<String>} of URLs, which may be {@code data:} ones. */
  IMAGES(FieldHandling.REJECTED, Set.of(), "image_url"),
  /** Sounds in the messages: a {@code List<String>} of base64. */
  AUDIO(FieldHandling.REJECTED, Set.of(), "input_audio"),
  /** Chooses the route. */
  MODEL(FieldHandling.EMULATED, Set.of(RequestKind.values()), "model"),
  /** The text that follows: a {@code String}. */
  SUFFIX(FieldHandling.REJECTED, Set.of(RequestKind.COMPLETION), "suffix"),

  // How tokens are chosen.
  /** The limit of generated tokens: an {@code Integer}. */
  MAX_TOKENS(
      FieldHandling.EMULATED,
      Set.of(RequestKind.CHAT, RequestKind.COMPLETION),
      "max_tokens",
      "max_completion_tokens"),
  /** A {@code Double}. */
  TEMPERATURE(
      FieldHandling.DROPPED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "temperature"),
  /** A {@code Double}. */
  TOP_P(FieldHandling.DROPPED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "top_p"),
  /** An {@code Integer}; not OpenAI's. */
  TOP_K(FieldHandling.DROPPED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "top_k"),
  /** A {@code Double}; not OpenAI's. */
  MIN_P(FieldHandling.DROPPED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "min_p"),
  /** A {@code Double}; not OpenAI's. */
  REPETITION_PENALTY(
      FieldHandling.DROPPED,
      Set.of(RequestKind.CHAT, RequestKind.COMPLETION),
      "repetition_penalty"),
  /** A {@code Double}. */
  PRESENCE_PENALTY(
      FieldHandling.DROPPED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "presence_penalty"),
  /** A {@code Double}. */
  FREQUENCY_PENALTY(
      FieldHandling.DROPPED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "frequency_penalty"),
  /** A {@code Map<String, Double>} by token id. */
  LOGIT_BIAS(FieldHandling.DROPPED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "logit_bias"),
  /** A {@code Long}. */
  SEED(FieldHandling.DROPPED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "seed"),
  /** How many tokens have to come: an {@code Integer}; not OpenAI's. */
  MIN_TOKENS(FieldHandling.DROPPED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "min_tokens"),
  /** Whether to go on after the model's own end: a {@code Boolean}; not OpenAI's. */
  IGNORE_EOS(FieldHandling.DROPPED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "ignore_eos"),
  /**
   * Whether tokens that are markers are left out of the text: a {@code Boolean}; not OpenAI's. They
   * are asked for where calls or reasoning are to be found by them.
   */
  SKIP_SPECIAL_TOKENS(
      FieldHandling.DROPPED,
      Set.of(RequestKind.CHAT, RequestKind.COMPLETION),
      "skip_special_tokens"),
  /** How much to think: a {@code String}. A chat template that asks for it gets it. */
  REASONING_EFFORT(FieldHandling.DROPPED, Set.of(RequestKind.CHAT), "reasoning_effort"),
  /** How much to say: a {@code String}. A chat template that asks for it gets it. */
  VERBOSITY(FieldHandling.DROPPED, Set.of(RequestKind.CHAT), "verbosity"),
  /** Variables of the chat template: a JSON object as a {@code Map}; not OpenAI's. */
  CHAT_TEMPLATE_KWARGS(FieldHandling.DROPPED, Set.of(RequestKind.CHAT), "chat_template_kwargs"),

  // Where it ends.
  /** The caller's and the template's stop sequences: a {@code List<String>}. */
  STOP(FieldHandling.EMULATED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "stop"),
  /** Tokens at which to stop: an {@code int[]}; not OpenAI's. */
  STOP_TOKEN_IDS(
      FieldHandling.REJECTED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "stop_token_ids"),

  // What comes back.
  /** Whether responses are wanted as they are generated: a {@code Boolean}. */
  STREAM(FieldHandling.EMULATED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "stream"),
  /** Whether the usage is wanted. */
  STREAM_OPTIONS(
      FieldHandling.EMULATED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "stream_options"),
  /** How many answers. No tensor should carry it: each answer is a generation of its own. */
  N(FieldHandling.EMULATED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "n"),
  /** Of how many answers the best is wanted: an {@code Integer}. */
  BEST_OF(FieldHandling.REJECTED, Set.of(RequestKind.COMPLETION), "best_of"),
  /** Whether the prompt is repeated in front: a {@code Boolean}. */
  ECHO(FieldHandling.EMULATED, Set.of(RequestKind.COMPLETION), "echo"),
  /** Whether log probabilities are wanted: a {@code Boolean}. */
  LOGPROBS(FieldHandling.REJECTED, Set.of(RequestKind.CHAT, RequestKind.COMPLETION), "logprobs"),
  /** How many of the likeliest tokens: an {@code Integer}. */
  TOP_LOGPROBS(FieldHandling.REJECTED, Set.of(RequestKind.CHAT), "top_logprobs"),
  /** The shape of the answer: a JSON object as a {@code Map}. May be emulated; see the route. */
  RESPONSE_FORMAT(FieldHandling.REJECTED, Set.of(RequestKind.CHAT), "response_format"),
  /** Kinds of output other than text: a {@code List<String>}. */
  MODALITIES(FieldHandling.REJECTED, Set.of(RequestKind.CHAT), "modalities"),
  /** How spoken output should be. */
  AUDIO_OUTPUT(FieldHandling.REJECTED, Set.of(RequestKind.CHAT), "audio"),
  /** Whether input and output are to be moderated. */
  MODERATION(FieldHandling.REJECTED, Set.of(RequestKind.CHAT), "moderation"),
  /** Whether the web is to be searched. */
  WEB_SEARCH_OPTIONS(FieldHandling.REJECTED, Set.of(RequestKind.CHAT), "web_search_options"),

  // What is to be embedded.
  /** The texts to embed: a {@code List<String>}. */
  INPUT(FieldHandling.REJECTED, Set.of(RequestKind.EMBEDDING), "input"),
  /** The token ids to embed in place of texts: a {@code List<List<Integer>>}. */
  INPUT_TOKENS(FieldHandling.REJECTED, Set.of(), "input"),
  /** The length of the vectors: an {@code Integer}, compared with the vectors that come. */
  DIMENSIONS(FieldHandling.EMULATED, Set.of(RequestKind.EMBEDDING), "dimensions"),
  /** Whether the vectors are wanted as numbers or as base64. */
  ENCODING_FORMAT(FieldHandling.EMULATED, Set.of(RequestKind.EMBEDDING), "encoding_format"),

  // Tools.
  /**
   * What the model may call: a {@code List<ChatCompletionTool>}. Emulated where the route knows how
   * its model writes calls.
   */
  TOOLS(FieldHandling.REJECTED, Set.of(RequestKind.CHAT), "tools", "functions"),
  /** Whether and what it has to call. */
  TOOL_CHOICE(FieldHandling.EMULATED, Set.of(RequestKind.CHAT), "tool_choice", "function_call"),
  /**
   * The calls of which a required one must be one, for servers that constrain what they generate: a
   * JSON object as a {@code Map}. {@code structures} is a list of objects; after the prompt, which
   * has the beginning of a call, the text must be {@code begin}, a value that is valid against
   * {@code schema}, and {@code end} of one of them.
   */
  TOOL_CALL_STRUCTURES(FieldHandling.IGNORED, Set.of(), "tool_choice"),
  /** Whether several calls at once are allowed: a {@code Boolean}. */
  PARALLEL_TOOL_CALLS(FieldHandling.EMULATED, Set.of(RequestKind.CHAT), "parallel_tool_calls"),

  // What changes nothing in a generation.
  /** Who asks. */
  USER(FieldHandling.IGNORED, Set.of(RequestKind.values()), "user"),
  /** Who asks, as a hash. */
  SAFETY_IDENTIFIER(FieldHandling.IGNORED, Set.of(RequestKind.CHAT), "safety_identifier"),
  /** The caller's own notes. */
  METADATA(FieldHandling.IGNORED, Set.of(RequestKind.CHAT), "metadata"),
  /** Whether OpenAI may keep the answer. */
  STORE(FieldHandling.IGNORED, Set.of(RequestKind.CHAT), "store"),
  /** How urgent it is. */
  SERVICE_TIER(FieldHandling.IGNORED, Set.of(RequestKind.CHAT), "service_tier"),
  /** What the answer may be, to be quicker. */
  PREDICTION(FieldHandling.IGNORED, Set.of(RequestKind.CHAT), "prediction"),
  /** What to cache the prompt by. */
  PROMPT_CACHE_KEY(FieldHandling.IGNORED, Set.of(RequestKind.CHAT), "prompt_cache_key"),
  /** How long to cache it. */
  PROMPT_CACHE_RETENTION(FieldHandling.IGNORED, Set.of(RequestKind.CHAT), "prompt_cache_retention"),
  /** How to cache it. */
  PROMPT_CACHE_OPTIONS(FieldHandling.IGNORED, Set.of(RequestKind.CHAT), "prompt_cache_options");

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

  /** Returns the field's names in requests: the one in use and older or newer ones. */
  public List<String> jsonNames() {
    return jsonNames;
  }

  /** Returns the requests that have the field; empty for a part of another field. */
  public Set<RequestKind> kinds() {
    return kinds;
  }

  /** Returns the handling of the field where a dialect has no tensor for it. */
  public FieldHandling withoutTensor() {
    return withoutTensor;
  }
}
