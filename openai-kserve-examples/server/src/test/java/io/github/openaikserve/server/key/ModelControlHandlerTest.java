package io.github.openaikserve.server.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.limits.Client;
import io.github.openaikserve.server.limits.Client.Scope;
import io.github.openaikserve.server.limits.ClientLimits;
import io.github.openaikserve.server.testing.Script;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Permissions to load and unload models. */
final class ModelControlHandlerTest {
  private static final Map<String, Client> CLIENTS =
      Map.of(
          "loader", new Client("loader", Set.of(Scope.MODELS), ClientLimits.NONE),
          "ops", new Client("ops", Set.of(Scope.OPERATOR), ClientLimits.NONE));

  private final OpenAiHandler keyed =
      new ModelControlHandler(
          Script.echo(),
          ScopeRule.forKeys(request -> CLIENTS.get(String.valueOf(request.header("x-api-key")))));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/models/m/load",
        "/v1/models/org/m/unload/?now",
        "/v1/models/a%2Fb/load",
        "/v1/models/m%2Fload",
        "/v1/models/m%2funload",
        "/v1/models/m/%6Coad",
        "/v1/models/a%0Ab/load"
      })
  void onlyAKeyWithTheScopeMayLoadAndUnload(String path) {
    assertThat(status(post(path, Map.of("x-api-key", List.of("loader"))))).isEqualTo(200);
    assertThat(status(post(path, Map.of("x-api-key", List.of("ops"))))).isEqualTo(403);
    assertThat(status(post(path, Map.of()))).isEqualTo(403);
  }

  @Test
  void aKeyWithoutTheScopeIsRefusedBeforeTheBodyArrives() {
    assertThat(keyed.reject(post("/v1/models/m/load", Map.of()))).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"GET, /v1/models/m/load", "POST, /v1/chat/completions", "GET, /v1/models/m"})
  void otherRequestsNeedNoScope(String method, String path) {
    assertThat(status(new ApiRequest(method, path, Map.of(), new byte[0]))).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"true, localhost:8080, 200", "true, evil.example, 403", "false, localhost, 403"})
  void withoutKeysOnlyLoopbackRequestsMayLoadModels(boolean loopback, String host, int status) {
    var handler = new ModelControlHandler(Script.echo(), ScopeRule.withoutKeys(loopback));

    ApiRequest request = post("/v1/models/m/load", Map.of("host", List.of(host)));

    assertThat(handler.handle(request).join().status()).isEqualTo(status);
  }

  private int status(ApiRequest request) {
    ApiResponse response = keyed.handle(request).join();
    response.body().close();
    return response.status();
  }

  private static ApiRequest post(String path, Map<String, List<String>> headers) {
    return new ApiRequest("POST", path, headers, new byte[0]);
  }
}
