package io.github.openaikserve.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.anthropic.MessageSchemas;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.openai.OpenAiSchemas;
import io.github.openaikserve.openai.responses.ResponseSchemas;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A handler that holds every answer and every event of another against OpenAI's schemas, or
 * Anthropic's, while they pass. Thread-safe.
 */
public final class CheckedHandler implements OpenAiHandler {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OpenAiHandler checked;
  private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger seen = new AtomicInteger();

  /** A handler that checks another. */
  public CheckedHandler(OpenAiHandler checked) {
    this.checked = checked;
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    CompletableFuture<ApiResponse> answer = checked.handle(request);
    if (!request.path().startsWith("/v1/")) {
      return answer;
    }
    CompletableFuture<ApiResponse> watched =
        answer.thenApply(response -> watched(request, response));
    watched.whenComplete(
        (done, failure) -> {
          if (watched.isCancelled()) {
            answer.cancel(false);
          }
        });
    return watched;
  }

  @Override
  public Optional<ApiResponse> reject(ApiRequest head) {
    return checked.reject(head).map(response -> watched(head, response));
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException refusal) {
    return watched(request, checked.refuse(request, refusal));
  }

  private ApiResponse watched(ApiRequest request, ApiResponse response) {
    boolean anthropics =
        request.path().startsWith("/v1/messages") || request.header("anthropic-version") != null;
    return new ApiResponse(response.status(), response.headers(), body(response, anthropics));
  }

  /** What was not as OpenAI's schemas have it, with the answer. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** How many answers and events were looked at. */
  public int seen() {
    return seen.get();
  }

  private ApiBody body(ApiResponse response, boolean anthropics) {
    ApiBody body = response.body();
    boolean streamed = body.length() < 0;
    Flow.Publisher<ByteBuffer> watched =
        subscriber -> body.subscribe(watch(subscriber, streamed, anthropics));
    if (streamed) {
      return ApiBody.streaming(watched, body::close);
    }
    byte[] bytes = Bodies.bytes(response);
    check(new String(bytes, StandardCharsets.UTF_8), false, anthropics);
    return ApiBody.of(bytes);
  }

  private Flow.Subscriber<ByteBuffer> watch(
      Flow.Subscriber<? super ByteBuffer> subscriber, boolean streamed, boolean anthropics) {
    return new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscriber.onSubscribe(subscription);
      }

      @Override
      public void onNext(ByteBuffer buffer) {
        String events = StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
        for (String event : events.split("\n\n", -1)) {
          int data = event.startsWith("data: ") ? 0 : event.indexOf("\ndata: ") + 1;
          if (data > 0 || (event.startsWith("data: ") && !event.equals("data: [DONE]"))) {
            check(event.substring(data + "data: ".length()), streamed, anthropics);
          }
        }
        subscriber.onNext(buffer);
      }

      @Override
      public void onError(Throwable failure) {
        subscriber.onError(failure);
      }

      @Override
      public void onComplete() {
        subscriber.onComplete();
      }
    };
  }

  private void check(String json, boolean streamed, boolean anthropics) {
    seen.incrementAndGet();
    try {
      JsonNode answer = JSON.readTree(json);
      List<String> found =
          anthropics ? MessageSchemas.problems(answer) : problems(answer, streamed);
      found.forEach(problem -> problems.add(problem + " in " + json));
    } catch (IOException | RuntimeException e) {
      problems.add(e + " in " + json);
    }
  }

  private static List<String> problems(JsonNode answer, boolean streamed) {
    if (streamed && answer.has("sequence_number")) {
      return ResponseSchemas.eventProblems(answer);
    }
    return ResponseSchemas.answerProblems(answer)
        .orElseGet(() -> OpenAiSchemas.problems(answer, streamed));
  }
}
