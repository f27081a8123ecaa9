package io.github.openaikserve.spring;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The result of {@code /health/ready}, for health indicators. Thread-safe. */
final class ReadinessProbe {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
  private static final int TIMEOUT_SECONDS = 10;
  private static final ApiRequest REQUEST =
      new ApiRequest("GET", "/health/ready", Map.of(), new byte[0]);

  private final OpenAiHandler handler;

  ReadinessProbe(OpenAiHandler handler) {
    this.handler = handler;
  }

  /**
   * The readiness of the service, with details.
   *
   * @param ready whether {@code /health/ready} answered 200
   * @param details without null values
   */
  record Result(boolean ready, Map<String, Object> details) {}

  Result ask() {
    CompletableFuture<ApiResponse> answer = handler.handle(REQUEST);
    try {
      ApiResponse response = answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return new Result(response.status() == 200, JSON.readValue(response.body().bytes(), OBJECT));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return new Result(false, Map.of("error", "interrupted"));
    } catch (TimeoutException e) {
      answer.cancel(true);
      return new Result(false, Map.of("error", "no answer within " + TIMEOUT_SECONDS + " s"));
    } catch (ExecutionException | IOException e) {
      return new Result(false, Map.of("error", String.valueOf(e.getMessage())));
    }
  }
}
