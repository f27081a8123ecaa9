package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.call.WholeAnswer;
import io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Factory methods for successful responses. */
public final class Responses {
  private Responses() {}

  /** Returns a response with a JSON body. */
  public static ApiResponse json(byte[] body, List<String> droppedParams) {
    return of("application/json", ApiBody.of(body), droppedParams);
  }

  /** Returns a response with a JSON body. */
  public static CompletableFuture<ApiResponse> json(CompletableFuture<byte[]> body) {
    return body.thenApply(json -> json(json, List.of()));
  }

  static ApiResponse events(
      Flow.Publisher<ByteBuffer> events, Runnable onClose, List<String> droppedParams) {
    Map<String, String> headers = headers("text/event-stream; charset=utf-8", droppedParams);
    headers.put("cache-control", "no-cache");
    headers.put("x-accel-buffering", "no"); // nginx would buffer the events otherwise
    return new ApiResponse(200, headers, ApiBody.streaming(events, onClose));
  }

  /** Returns a response. */
  public static ApiResponse of(String contentType, ApiBody body, List<String> droppedParams) {
    return new ApiResponse(200, headers(contentType, droppedParams), body);
  }

  private static Map<String, String> headers(String contentType, List<String> droppedParams) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", contentType);
    if (!droppedParams.isEmpty()) {
      headers.put("x-openai-kserve-dropped-params", String.join(", ", droppedParams));
    }
    return headers;
  }

  /** Returns a copy of a response with another header. */
  public static ApiResponse withHeader(ApiResponse response, String name, String value) {
    Map<String, String> headers = new LinkedHashMap<>(response.headers());
    headers.put(name, value);
    return new ApiResponse(response.status(), headers, response.body());
  }

  /** Returns the response for a whole answer in JSON. */
  public static <A> CompletableFuture<ApiResponse> whole(
      CompletableFuture<? extends WholeAnswer<A>> prepared, Function<? super A, byte[]> json) {
    return answered(prepared, (value, dropped) -> json(json.apply(value), dropped));
  }

  /**
   * Returns the response for a whole answer.
   *
   * @param response creates the response from the answer and the names of dropped fields
   */
  public static <A> CompletableFuture<ApiResponse> answered(
      CompletableFuture<? extends WholeAnswer<A>> prepared,
      BiFunction<? super A, List<String>, ApiResponse> response) {
    return of(
        prepared,
        answer -> answer.whole().thenApply(value -> response.apply(value, answer.droppedParams())));
  }

  /**
   * Returns the response to a prepared answer.
   *
   * @param toResponse starts the answer and returns its response
   */
  public static <K> CompletableFuture<ApiResponse> of(
      CompletableFuture<? extends K> prepared,
      Function<? super K, CompletableFuture<ApiResponse>> toResponse) {
    return CancellationPropagatingFuture.compose(
        prepared, toResponse, response -> response.body().close());
  }
}
