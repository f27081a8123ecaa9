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
 * A scripted reply of a {@link FakeBackend} to one call. Immutable.
 *
 * @param responses the responses that the server sends
 * @param failure the failure that ends the call; null to complete
 * @param delays the delay before each signal, by its number from 0; the end is the last signal
 * @param ends whether the call ends; if false, it hangs after the last response
 * @param gates the stage that the server waits for before each signal, by its number from 0; null
 *     for none
 */
public record ScriptedResponse(
    List<InferResponse> responses,
    @Nullable OpenAiException failure,
    IntFunction<Duration> delays,
    boolean ends,
    IntFunction<? extends @Nullable CompletionStage<?>> gates) {
  /** Copies the list. */
  public ScriptedResponse {
    responses = List.copyOf(responses);
  }

  /** Returns a reply that sends these responses and completes. */
  public static ScriptedResponse of(List<InferResponse> responses) {
    return new ScriptedResponse(responses, null, signal -> Duration.ZERO, true, signal -> null);
  }

  /**
   * Returns a reply like that of AnyServe's llama.cpp worker. A streaming call receives one
   * response for each token and a last one with the finish reason {@code stop}. A unary call
   * receives all tokens as one text.
   */
  public static ScriptedResponse tokens(InferCall call, String... tokens) {
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
   * Returns a reply with one response for each text, in a tensor of that name. The tensor is {@code
   * text_output} for Triton's servers and Dynamo, and {@code output} for MLServer, whose texts are
   * JSON. Servers with cumulative text, such as {@code Dialects.TENSORRT_LLM_API}, repeat the text
   * so far.
   */
  public static ScriptedResponse texts(String tensor, String... texts) {
    return of(Stream.of(texts).map(text -> InferResponse.of(Tensor.text(tensor, text))).toList());
  }

  /**
   * Returns a reply to an embedding request, with one vector for each input in a tensor of that
   * name. All vectors must have the same length.
   */
  public static ScriptedResponse vectors(String tensor, float[]... vectors) {
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

  /**
   * Returns an answer with one number, such as a score, for each input, in a tensor of that name.
   */
  public static ScriptedResponse scores(String tensor, float... scores) {
    return of(List.of(InferResponse.of(Tensor.of(tensor, new long[] {scores.length}, scores))));
  }

  /** Returns whether a call asks about the model and generates nothing. */
  static boolean isModelInfo(InferCall call) {
    return call.request().modelName().equals("model_info");
  }

  private static InferResponse chunk(String token, String finishReason) {
    return InferResponse.of(
        Tensor.text("token", token), Tensor.text("finish_reason", finishReason));
  }

  /** Returns a copy that sends these responses and then fails. */
  public ScriptedResponse thenFails(OpenAiException failure) {
    return new ScriptedResponse(responses, failure, delays, true, gates);
  }

  /** Returns a copy that sends these responses and then hangs until the call is cancelled. */
  public ScriptedResponse thenHangs() {
    return new ScriptedResponse(responses, failure, delays, false, gates);
  }

  /** Returns a copy with a delay before each signal. */
  public ScriptedResponse every(Duration delay) {
    return every(signal -> delay);
  }

  /** Returns a copy with a separate delay before each signal, by its number from 0. */
  public ScriptedResponse every(IntFunction<Duration> delays) {
    return new ScriptedResponse(responses, failure, delays, ends, gates);
  }

  /**
   * Returns a copy in which one signal waits until {@code release} has completed, normally or
   * exceptionally. Signals are counted from 0; the number of the end is the number of responses.
   */
  public ScriptedResponse waitsBefore(int signal, CompletionStage<?> release) {
    return new ScriptedResponse(
        responses, failure, delays, ends, at -> at == signal ? release : gates.apply(at));
  }
}
