package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a {@link FakeBackend} to one call. Immutable.
 *
 * @param responses what the server sends
 * @param failure how the call ends; null to complete
 * @param delays how long the server waits before each signal, counted from 0; the end is the last
 * @param ends whether the call ends, rather than falling silent after the last response
 * @param gates what the server waits for before each signal, counted from 0; null for nothing
 */
public record FakeReply(
    List<InferResponse> responses,
    @Nullable OpenAiException failure,
    IntFunction<Duration> delays,
    boolean ends,
    IntFunction<? extends @Nullable CompletionStage<?>> gates) {
  /** Copies the list. */
  public FakeReply {
    responses = List.copyOf(responses);
  }

  /** Returns an answer of these responses, then completion. */
  public static FakeReply of(List<InferResponse> responses) {
    return new FakeReply(responses, null, signal -> Duration.ZERO, true, signal -> null);
  }

  /**
   * Returns the answer of AnyServe's llama.cpp worker to a call: on a stream a response for each
   * token and a last one with the finish reason {@code stop}, on a unary call all tokens as one
   * text.
   */
  public static FakeReply tokens(InferCall call, String... tokens) {
    if (isModelInfo(call)) {
      return of(
          List.of(InferResponse.of(Tensor.text("model_name", "fake"), Tensor.ints("n_ctx", 4096))));
    }
    if (call.rpc() == Rpc.MODEL_INFER) {
      return of(
          List.of(
              InferResponse.of(
                  Tensor.text("text", String.join("", tokens)), Tensor.text("model", "fake"))));
    }
    return of(
        Stream.concat(
                Stream.of(tokens).map(token -> chunk(token, "null")), Stream.of(chunk("", "stop")))
            .toList());
  }

  /**
   * Returns an answer of a response for each text, in a tensor of that name: {@code text_output}
   * for Triton's servers and Dynamo; {@code output} for MLServer, whose texts are JSON. Servers
   * with cumulative text, such as {@code Dialects.TENSORRT_LLM_API}, repeat the text so far.
   */
  public static FakeReply texts(String tensor, String... texts) {
    return of(Stream.of(texts).map(text -> InferResponse.of(Tensor.text(tensor, text))).toList());
  }

  /**
   * Returns an answer of one vector for each input of a request for embeddings, all of the same
   * length, in a tensor of that name.
   */
  public static FakeReply vectors(String tensor, float[]... vectors) {
    int length = vectors[0].length;
    float[] all = new float[Math.multiplyExact(vectors.length, length)];
    for (int i = 0; i < vectors.length; i++) {
      if (vectors[i].length != length) {
        throw new IllegalArgumentException("vectors must have the same length");
      }
      System.arraycopy(vectors[i], 0, all, i * length, length);
    }
    return of(
        List.of(InferResponse.of(Tensor.of(tensor, new long[] {vectors.length, length}, all))));
  }

  /** Returns an answer of one number for each input, in a tensor of that name, such as scores. */
  public static FakeReply scores(String tensor, float... scores) {
    return of(
        List.of(InferResponse.of(Tensor.of(tensor, new long[] {scores.length}, scores.clone()))));
  }

  /** Returns whether a call asks about the model and generates nothing. */
  static boolean isModelInfo(InferCall call) {
    return call.request().modelName().equals("model_info");
  }

  private static InferResponse chunk(String token, String finishReason) {
    return InferResponse.of(
        Tensor.text("token", token), Tensor.text("finish_reason", finishReason));
  }

  /** Returns these responses, then a failure. */
  public FakeReply thenFails(OpenAiException failure) {
    return new FakeReply(responses, failure, delays, true, gates);
  }

  /** Returns these responses, then silence until the call is cancelled. */
  public FakeReply thenHangs() {
    return new FakeReply(responses, failure, delays, false, gates);
  }

  /** Returns this answer with a pause before each signal. */
  public FakeReply every(Duration delay) {
    return every(signal -> delay);
  }

  /** Returns this answer with a separate pause before each signal, counted from 0. */
  public FakeReply every(IntFunction<Duration> delays) {
    return new FakeReply(responses, failure, delays, ends, gates);
  }

  /**
   * Returns this answer with a signal, counted from 0, that waits until {@code release} has
   * completed in any way. The number of responses is the number of the end.
   */
  public FakeReply waitsBefore(int signal, CompletionStage<?> release) {
    return new FakeReply(
        responses, failure, delays, ends, at -> at == signal ? release : gates.apply(at));
  }
}
