package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.ManualScheduler;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The states of models as servers write them. */
final class RepositoryStateTest {
  private final ReloadingServer server = new ReloadingServer();

  @ParameterizedTest
  @CsvSource({
    "READY, READY",
    "State.READY, READY",
    "mlserver.types.State.READY, READY",
    "ready, READY",
    "' Ready ', READY",
    "state.loading, LOADING",
    "State.UNLOADING, UNLOADING",
    "UNAVAILABLE, UNAVAILABLE",
    "State.UNKNOWN, UNKNOWN",
    "NOT_READY, UNKNOWN",
    "UNREPORTED, UNKNOWN",
    "'', UNREPORTED",
    "' ', UNREPORTED",
    "State., UNREPORTED"
  })
  void aStateIsReadInAnyCaseWithAndWithoutTheNameOfItsEnumeration(
      String written, RepositoryState state) {
    assertThat(RepositoryState.of(written)).isEqualTo(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"READY", "State.READY", "ready", ""})
  void aModelInThisStateIsDiscovered(String state) {
    server.hasVllm("m", ReloadingServer.VLLM_25_12).writes("m", state);

    assertThat(names()).containsExactly("m");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"UNAVAILABLE", "State.UNAVAILABLE", "LOADING", "UNLOADING", "UNKNOWN", "gone"})
  void aModelInThisStateIsNot(String state) {
    server.hasVllm("m", ReloadingServer.VLLM_25_12).writes("m", state);

    assertThat(names()).isEmpty();
  }

  @Test
  void aModelIsDiscoveredOnceIfAnyOfItsVersionsIsReady() {
    server
        .hasVllm("m", ReloadingServer.VLLM_25_12)
        .alsoListing("m", "2", "State.UNAVAILABLE")
        .alsoListing("m", "3", "State.READY");

    assertThat(names()).containsExactly("m");
  }

  private List<String> names() {
    return OpenAiKServe.builder(server)
        .scheduler(new ManualScheduler())
        .discover()
        .build()
        .models()
        .list()
        .data()
        .stream()
        .map(Model::id)
        .toList();
  }
}
