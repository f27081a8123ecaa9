package io.github.openaikserve.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.testing.FakeBackend;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pages of Anthropic's list of models, for a key that may use four of seven models. They are
 * the pages of a library that has only these four.
 */
final class ModelsPageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> VISIBLE = List.of("a/1", "b 2", "c", "fake");

  @AutoClose private final FakeBackend backend = FakeBackend.tokens("Hi");

  private final OpenAiHandler library = service(VISIBLE).httpHandler();
  private final OpenAiHandler restricted =
      restricted(service(List.of("hidden-1", "a/1", "hidden-2", "b 2", "c", "hidden-3")), VISIBLE);

  @ParameterizedTest
  @CsvSource({
    "'', a/1;b 2;c;fake, false",
    "?, a/1;b 2;c;fake, false",
    "?limit=4, a/1;b 2;c;fake, false",
    "?limit=3, a/1;b 2;c, true",
    "?limit=1, a/1, true",
    "?limit=2&after_id=a%2F1, b 2;c, true",
    "?limit=2&after_id=b+2, c;fake, false",
    "?after_id=fake, '', false",
    "?limit=1&before_id=c, b 2, true",
    "?limit=2&before_id=c, a/1;b 2, false",
    "?before_id=a%2F1, '', false",
    "?after_id=a%2F1&before_id=c&limit=2, b 2, true",
  })
  void aPageHasOnlyTheModelsOfTheKey(String query, String ids, boolean more) throws IOException {
    JsonNode page = list(restricted, query);

    assertThat(String.join(";", page.get("data").findValuesAsText("id"))).isEqualTo(ids);
    assertThat(page.get("has_more").asBoolean()).isEqualTo(more);
    assertThat(frame(page)).isEqualTo(frame(list(library, query)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"?after_id=ID", "?limit=2&before_id=ID", "?limit=1&after_id=ID"})
  void aModelThatTheKeyMayNotUseIsUnknown(String query) throws IOException {
    JsonNode unknown = list(restricted, query.replace("ID", "unknown"));

    assertThat(frame(list(restricted, query.replace("ID", "hidden-2")))).isEqualTo(frame(unknown));
    assertThat(frame(unknown)).isEqualTo(frame(list(library, query.replace("ID", "unknown"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"?limit=0", "?limit=1001", "?limit=x", "?limit=%zz"})
  void anInvalidQueryIs400(String query) {
    assertThat(get(restricted, query).status()).isEqualTo(400);
  }

  @Test
  void aKeyWithoutAnyModelOfTheServiceHasAnEmptyPage() throws IOException {
    JsonNode page = list(restricted(service(VISIBLE), List.of("other")), "?limit=1");

    assertThat(page.get("data")).isEmpty();
    assertThat(page.get("has_more").asBoolean()).isFalse();
    assertThat(page.get("first_id").isNull()).isTrue();
    assertThat(page.get("last_id").isNull()).isTrue();
  }

  @Test
  void aKeyMayUseModelsAfterTheFirstPagesOfTheService() throws IOException {
    List<String> ids = IntStream.range(0, 3500).mapToObj(i -> "m/%04d".formatted(i)).toList();
    List<String> even = ids.stream().filter(id -> "02468".indexOf(id.charAt(5)) >= 0).toList();
    OpenAiHandler all = service(ids).httpHandler();
    OpenAiHandler some = restricted(service(ids), even);

    assertThat(ids(list(all, ""))).hasSize(1000);
    assertThat(list(some, "").get("has_more").asBoolean()).isTrue();
    assertThat(ids(list(some, ""))).isEqualTo(even.subList(0, 1000));
    JsonNode rest = list(some, "?after_id=m%2F1998");
    assertThat(ids(rest)).isEqualTo(even.subList(1000, 1750));
    assertThat(rest.get("has_more").asBoolean()).isFalse();
    assertThat(ids(list(some, "?limit=2&before_id=m%2F3498"))).containsExactly("m/3494", "m/3496");
    assertThat(frame(list(restricted(service(ids), ids), ""))).isEqualTo(frame(list(all, "")));
  }

  private static List<String> ids(JsonNode page) {
    return page.get("data").findValuesAsText("id");
  }

  /** Returns ids and fields of a page; models also have the time of their service. */
  private static List<Object> frame(JsonNode page) {
    return List.of(
        page.get("data").findValuesAsText("id"),
        page.get("has_more"),
        page.get("first_id"),
        page.get("last_id"));
  }

  private static JsonNode list(OpenAiHandler handler, String query) throws IOException {
    return JSON.readTree(get(handler, query).body().bytes());
  }

  private static ApiResponse get(OpenAiHandler handler, String query) {
    return handler
        .handle(
            new ApiRequest(
                "GET",
                "/v1/models" + query,
                Map.of("anthropic-version", List.of("2023-06-01")),
                new byte[0]))
        .join();
  }

  private static OpenAiHandler restricted(OpenAiKServe openai, List<String> allowed) {
    var limits = new Limits(new SimpleMeterRegistry(), new RequestNotes(), System::nanoTime);
    var key = new Client("alice", Set.of(), new ClientLimits(null, null, null, allowed));
    return limits.around(
        new LimitOptions(ClientLimits.NONE, Map.of(), Optional.empty()),
        request -> key,
        with -> openai.with(with).httpHandler(),
        null);
  }

  /** Returns a service with these models, and {@code fake}, which is the backend's name. */
  private OpenAiKServe service(List<String> models) {
    var builder = OpenAiKServe.builder(backend);
    models.forEach(model -> builder.model(model, Dialects.ANYSERVE));
    return builder.build();
  }
}
