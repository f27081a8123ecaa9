package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.openaikserve.anthropic.Message;
import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.encoder.ClassifyResponse;
import io.github.openaikserve.encoder.RerankResponse;
import io.github.openaikserve.encoder.ScoreResponse;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.CreateModerationResponse;
import io.github.openaikserve.openai.EncodingFormat;
import io.github.openaikserve.openai.ListModelsResponse;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.openai.audio.Transcription;
import io.github.openaikserve.openai.audio.TranscriptionStreamEvent;
import io.github.openaikserve.openai.decisions.Decision;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A writer of requests and answers, and a reader of JSON other than requests. Thread-safe. */
public final class JsonCodec {
  private static final JsonFactory FACTORY = factory(JsonLimits.DEFAULT);
  static final ObjectReader READER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(JsonNode.class);

  /** A reader of Python's JSON, which may contain infinite numbers. */
  private static final ObjectReader PYTHON = READER.with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);

  private JsonCodec() {}

  /** Returns a factory for parsers with these limits. */
  static JsonFactory factory(JsonLimits limits) {
    return new JsonFactoryBuilder()
        // Some clients split lines at all Unicode line separators, which must not split an event.
        .characterEscapes(new SseEscapes())
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(limits.depth())
                .maxNumberLength(limits.digits())
                .maxStringLength(limits.string())
                .build())
        // Writes the shortest digits of a number, which not every JDK finds by itself.
        .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
        // Callers choose field names, and interning them would fill a global table.
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
  }

  /** Reads a JSON object as plain values, in order; empty if the text is not a JSON object. */
  public static Optional<Map<String, @Nullable Object>> readObject(String json) {
    JsonNode root = readTree(json);
    return root == null || !root.isObject() ? Optional.empty() : Optional.of(JsonValues.map(root));
  }

  /** Writes a chat completion request. */
  public static byte[] write(CreateChatCompletionRequest request) {
    return bytes(RequestValues.of(request));
  }

  /** Writes a text completion request. */
  public static byte[] write(CreateCompletionRequest request) {
    return bytes(RequestValues.of(request));
  }

  /** Writes an embedding request. */
  public static byte[] write(CreateEmbeddingRequest request) {
    return bytes(RequestValues.of(request));
  }

  /** Writes a {@code chat.completion}. */
  public static byte[] write(ChatCompletion completion, ReasoningFields reasoning) {
    return JsonWriter.write(FACTORY, json -> AnswerWriter.write(json, completion, reasoning));
  }

  /**
   * Writes a {@code chat.completion.chunk}.
   *
   * @param usageAsked whether a chunk without usage has {@code "usage": null}
   */
  public static byte[] write(
      ChatCompletionChunk chunk, boolean usageAsked, ReasoningFields reasoning) {
    return JsonWriter.write(
        FACTORY, json -> AnswerWriter.write(json, chunk, usageAsked, reasoning));
  }

  /** Writes a whole {@code text_completion}. */
  public static byte[] write(Completion completion) {
    return writeChunk(completion, false);
  }

  /**
   * Writes a chunk of a {@code text_completion}.
   *
   * @param usageAsked whether a chunk without usage has {@code "usage": null}
   */
  public static byte[] writeChunk(Completion piece, boolean usageAsked) {
    return JsonWriter.write(FACTORY, json -> AnswerWriter.write(json, piece, usageAsked));
  }

  /** Writes a {@code response}. */
  public static byte[] write(Response response) {
    return JsonWriter.write(FACTORY, json -> ResponseWriter.write(json, response));
  }

  /** Writes an event of a streamed response. */
  public static byte[] write(ResponseStreamEvent event) {
    return JsonWriter.write(FACTORY, json -> ResponseEventWriter.write(json, event));
  }

  /** Writes an item of a response or of its input. */
  public static byte[] write(ResponseItem item) {
    return JsonWriter.write(FACTORY, json -> ResponseItemWriter.write(json, item));
  }

  /** Writes a {@code message}. */
  public static byte[] write(Message message) {
    return JsonWriter.write(FACTORY, json -> MessageWriter.write(json, message));
  }

  /** Writes an event of a streamed message. */
  public static byte[] write(MessageStreamEvent event) {
    return JsonWriter.write(FACTORY, json -> MessageWriter.write(json, event));
  }

  /** Writes a {@code model} of Anthropic's API. */
  public static byte[] writeMessageModel(Model model) {
    return JsonWriter.write(FACTORY, json -> MessageWriter.write(json, model));
  }

  /** Writes a page of models of Anthropic's API. */
  public static byte[] writeMessageModels(List<Model> models, boolean hasMore) {
    return JsonWriter.write(FACTORY, json -> MessageWriter.write(json, models, hasMore));
  }

  /**
   * Writes an error of Anthropic's API.
   *
   * @param requestId empty if unknown
   */
  public static byte[] writeMessageError(String type, String message, String requestId) {
    return JsonWriter.write(FACTORY, json -> MessageWriter.error(json, type, message, requestId));
  }

  /** Writes a {@code list} of embeddings; a null format writes the vectors as numbers. */
  public static byte[] write(CreateEmbeddingResponse answer, @Nullable EncodingFormat format) {
    return JsonWriter.write(
        FACTORY, json -> EmbeddingWriter.write(json, answer, format == EncodingFormat.BASE64));
  }

  /** Writes decisions. */
  public static byte[] write(Decision answer) {
    return JsonWriter.write(FACTORY, json -> DecisionWriter.write(json, answer));
  }

  /** Writes reranked documents. */
  public static byte[] write(RerankResponse answer) {
    return JsonWriter.write(FACTORY, json -> EncoderWriter.write(json, answer));
  }

  /** Writes a {@code list} of scores. */
  public static byte[] write(ScoreResponse answer) {
    return JsonWriter.write(FACTORY, json -> EncoderWriter.write(json, answer));
  }

  /** Writes a {@code list} of classes. */
  public static byte[] write(ClassifyResponse answer) {
    return JsonWriter.write(FACTORY, json -> EncoderWriter.write(json, answer));
  }

  /** Writes moderations. */
  public static byte[] write(CreateModerationResponse answer) {
    return JsonWriter.write(FACTORY, json -> EncoderWriter.write(json, answer));
  }

  /** Writes a transcription. */
  public static byte[] write(Transcription answer) {
    return JsonWriter.write(FACTORY, json -> AudioWriter.write(json, answer));
  }

  /**
   * Writes a transcription in the verbose format.
   *
   * @param translated whether its text is a translation
   */
  public static byte[] writeVerbose(Transcription answer, boolean translated) {
    return JsonWriter.write(FACTORY, json -> AudioWriter.verbose(json, answer, translated));
  }

  /** Writes an event of a streamed transcription. */
  public static byte[] write(TranscriptionStreamEvent event) {
    return JsonWriter.write(FACTORY, json -> AudioWriter.write(json, event));
  }

  /** Writes an event with more audio. */
  public static byte[] audioDelta(ByteBuffer audio) {
    return JsonWriter.write(FACTORY, json -> AudioWriter.delta(json, audio));
  }

  /** Writes the event at the end of the audio. */
  public static byte[] audioDone(int inputTokens) {
    return JsonWriter.write(FACTORY, json -> AudioWriter.done(json, inputTokens));
  }

  /** Writes a {@code model}. */
  public static byte[] write(Model model) {
    return JsonWriter.write(FACTORY, json -> AnswerWriter.write(json, model));
  }

  /** Writes a {@code list} of models. */
  public static byte[] write(ListModelsResponse models) {
    return JsonWriter.write(FACTORY, json -> AnswerWriter.write(json, models));
  }

  /** Writes an error object, wrapped in {@code error} as clients expect. */
  public static byte[] write(ErrorResponse error) {
    return JsonWriter.write(FACTORY, json -> AnswerWriter.write(json, error));
  }

  /**
   * Writes plain values (maps, lists, strings, numbers, booleans and null) as JSON text.
   *
   * @throws IllegalArgumentException if it contains any other value
   */
  public static String writeValue(@Nullable Object value) {
    return new String(bytes(value), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(@Nullable Object value) {
    return JsonWriter.write(FACTORY, json -> JsonValues.write(json, value));
  }

  /** Reads JSON text as plain values; empty if it is not JSON, or {@code null}. */
  public static Optional<Object> readValue(String text) {
    return plain(readTree(READER, text));
  }

  /**
   * Reads JSON text that Python wrote as plain values, with {@code NaN} and infinite numbers as
   * doubles; empty if it is not JSON, or {@code null}.
   */
  public static Optional<Object> readPythonValue(String text) {
    return plain(readTree(PYTHON, text));
  }

  private static Optional<Object> plain(@Nullable JsonNode node) {
    return node == null ? Optional.empty() : Optional.ofNullable(JsonValues.of(node));
  }

  /** Reads JSON text; null if it is not JSON. */
  static @Nullable JsonNode readTree(String text) {
    return readTree(READER, text);
  }

  private static @Nullable JsonNode readTree(ObjectReader reader, String text) {
    try {
      JsonNode node = reader.readValue(text);
      return node == null || node.isMissingNode() ? null : node;
    } catch (IOException | NumberFormatException e) {
      return null;
    }
  }
}
