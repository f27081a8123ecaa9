package io.github.openaikserve.server.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All models of a list of Anthropic's API, collected page by page without blocking. Not
 * thread-safe: requests one page at a time.
 */
final class WholeList {
  private static final int OK = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Function<String, CompletableFuture<ApiResponse>> pages;
  private final Map<String, JsonNode> models = new LinkedHashMap<>();
  private String query = "";
  private @Nullable ApiResponse answer;

  private WholeList(Function<String, CompletableFuture<ApiResponse>> pages) {
    this.pages = pages;
  }

  /**
   * Returns an answer with all models as {@code data}, or the first answer that is not 200.
   *
   * @param pages answers a request for the page of a query, which is empty or begins with "?"
   */
  static CompletableFuture<ApiResponse> of(Function<String, CompletableFuture<ApiResponse>> pages) {
    return new WholeList(pages).collect();
  }

  private CompletableFuture<ApiResponse> collect() {
    CompletableFuture<Boolean> more = next();
    while (more.isDone()) { // a stage per page would need a stack for all pages
      if (!more.join()) {
        return CompletableFuture.completedFuture(whole());
      }
      more = next();
    }
    return more.thenCompose(
        another -> another ? collect() : CompletableFuture.completedFuture(whole()));
  }

  /** Requests a page; its stage gives whether another page follows. */
  private CompletableFuture<Boolean> next() {
    return pages.apply(query).thenCompose(this::add);
  }

  private CompletableFuture<Boolean> add(ApiResponse page) {
    answer = page;
    if (page.status() != OK) {
      return CompletableFuture.completedFuture(false);
    }
    return BodyCollector.bytes(page.body()).thenApply(this::add);
  }

  private boolean add(byte[] page) {
    try {
      JsonNode root = JSON.readTree(page);
      int before = models.size();
      root.path("data").forEach(model -> models.put(model.path("id").asText(), model));
      String last = root.path("last_id").asText();
      query = "?after_id=" + URLEncoder.encode(last, StandardCharsets.UTF_8);
      // If the last model is removed meanwhile, the pages start again: only new models continue.
      return root.path("has_more").asBoolean() && models.size() > before;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ApiResponse whole() {
    ApiResponse last = Objects.requireNonNull(answer);
    if (last.status() != OK) {
      return last;
    }
    ObjectNode list = JSON.createObjectNode();
    list.putArray("data").addAll(models.values());
    byte[] body = list.toString().getBytes(StandardCharsets.UTF_8);
    return new ApiResponse(OK, last.headers(), ApiBody.of(body));
  }
}
