package io.github.openaikserve;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonLimits;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.json.write.AnswerWriter;
import io.github.openaikserve.internal.json.write.EncoderWriter;
import io.github.openaikserve.internal.json.write.RequestWriter;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.EncodingFormat;
import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.resilience.RequestLimits;

/**
 * A converter between OpenAI's objects and their JSON. It reads requests and writes requests and
 * answers in the same way as the HTTP API. Thread-safe.
 *
 * <p>A host can use it to change a request before serving it:
 *
 * <pre>{@code
 * CreateChatCompletionRequest request =
 *     OpenAiJson.readChatCompletionRequest(body).toBuilder().maxTokens(500).build();
 * byte[] answer = OpenAiJson.write(openai.chatCompletions().create(request));
 * }</pre>
 *
 * <p>JSON is encoded as UTF-8. Requests are checked against {@link RequestLimits#ofDefaults}.
 */
public final class OpenAiJson {
  private static final RequestJson REQUESTS = new RequestJson(JsonLimits.DEFAULT);

  private OpenAiJson() {}

  /**
   * Reads a chat completion request.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public static CreateChatCompletionRequest readChatCompletionRequest(byte[] json) {
    return REQUESTS.chat(json).request();
  }

  /**
   * Reads a text completion request.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public static CreateCompletionRequest readCompletionRequest(byte[] json) {
    return REQUESTS.completion(json);
  }

  /**
   * Reads an embedding request.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public static CreateEmbeddingRequest readEmbeddingRequest(byte[] json) {
    return REQUESTS.embedding(json);
  }

  /**
   * Writes a request. Includes {@code stream_options} only together with {@code stream}, as OpenAI
   * requires.
   *
   * @throws IllegalArgumentException if a field of {@code extra} is not a plain JSON value
   */
  public static byte[] write(CreateChatCompletionRequest request) {
    return RequestWriter.write(request);
  }

  /**
   * Writes a request. Includes {@code stream_options} only together with {@code stream}, as OpenAI
   * requires.
   *
   * @throws IllegalArgumentException if a field of {@code extra} is not a plain JSON value
   */
  public static byte[] write(CreateCompletionRequest request) {
    return RequestWriter.write(request);
  }

  /**
   * Writes a request.
   *
   * @throws IllegalArgumentException if a field of {@code extra} is not a plain JSON value
   */
  public static byte[] write(CreateEmbeddingRequest request) {
    return RequestWriter.write(request);
  }

  /** Writes a {@code chat.completion}. */
  public static byte[] write(ChatCompletion completion) {
    return AnswerWriter.write(completion, ReasoningFields.BOTH);
  }

  /** Writes a {@code chat.completion.chunk}. */
  public static byte[] write(ChatCompletionChunk chunk) {
    return AnswerWriter.write(chunk, false, ReasoningFields.BOTH);
  }

  /** Writes a {@code text_completion}, complete or a chunk. */
  public static byte[] write(Completion completion) {
    return AnswerWriter.write(completion);
  }

  /** Writes a {@code list} of embeddings, with the vectors in the given format. */
  public static byte[] write(CreateEmbeddingResponse answer, EncodingFormat format) {
    return EncoderWriter.write(answer, format);
  }
}
