package io.github.openaikserve;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.JsonLimits;
import io.github.openaikserve.internal.json.RequestJson;
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
 * OpenAI's objects as JSON: reads requests, and writes requests and answers as the HTTP API does.
 * Thread-safe.
 *
 * <p>With it a host changes a request before it is answered:
 *
 * <pre>{@code
 * CreateChatCompletionRequest request =
 *     OpenAiJson.readChatCompletionRequest(body).toBuilder().maxTokens(500).build();
 * byte[] answer = OpenAiJson.write(openai.chatCompletions().create(request));
 * }</pre>
 *
 * <p>JSON is UTF-8. Requests are held to {@link RequestLimits#ofDefaults}.
 */
public final class OpenAiJson {
  private static final RequestJson REQUESTS = new RequestJson(JsonLimits.DEFAULT);

  private OpenAiJson() {}

  /**
   * Reads a request for a chat.
   *
   * @throws InvalidRequestException naming the field that is wrong
   */
  public static CreateChatCompletionRequest readChatCompletionRequest(byte[] json) {
    return REQUESTS.chat(json).request();
  }

  /**
   * Reads a request for a completion.
   *
   * @throws InvalidRequestException naming the field that is wrong
   */
  public static CreateCompletionRequest readCompletionRequest(byte[] json) {
    return REQUESTS.completion(json);
  }

  /**
   * Reads a request for embeddings.
   *
   * @throws InvalidRequestException naming the field that is wrong
   */
  public static CreateEmbeddingRequest readEmbeddingRequest(byte[] json) {
    return REQUESTS.embedding(json);
  }

  /**
   * Writes a request; {@code stream_options} only together with {@code stream}, as OpenAI wants it.
   *
   * @throws IllegalArgumentException if a field of {@code extra} is not a plain JSON value
   */
  public static byte[] write(CreateChatCompletionRequest request) {
    return JsonCodec.write(request);
  }

  /**
   * Writes a request; {@code stream_options} only together with {@code stream}, as OpenAI wants it.
   *
   * @throws IllegalArgumentException if a field of {@code extra} is not a plain JSON value
   */
  public static byte[] write(CreateCompletionRequest request) {
    return JsonCodec.write(request);
  }

  /**
   * Writes a request.
   *
   * @throws IllegalArgumentException if a field of {@code extra} is not a plain JSON value
   */
  public static byte[] write(CreateEmbeddingRequest request) {
    return JsonCodec.write(request);
  }

  /** Writes a {@code chat.completion}. */
  public static byte[] write(ChatCompletion completion) {
    return JsonCodec.write(completion, ReasoningFields.BOTH);
  }

  /** Writes a {@code chat.completion.chunk}. */
  public static byte[] write(ChatCompletionChunk chunk) {
    return JsonCodec.write(chunk, false, ReasoningFields.BOTH);
  }

  /** Writes a {@code text_completion}, whole or a chunk. */
  public static byte[] write(Completion completion) {
    return JsonCodec.write(completion);
  }

  /** Writes a {@code list} of embeddings, their vectors in this format. */
  public static byte[] write(CreateEmbeddingResponse answer, EncodingFormat format) {
    return JsonCodec.write(answer, format);
  }
}
