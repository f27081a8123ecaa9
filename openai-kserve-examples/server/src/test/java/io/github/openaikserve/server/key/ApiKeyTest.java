package io.github.openaikserve.server.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.openaikserve.server.limits.Client;
import io.github.openaikserve.server.limits.Client.Scope;
import io.github.openaikserve.server.limits.ClientLimits;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeyTest {
  private static final String DIGEST = ApiKeyDigest.of("sk-secret").toString();

  @Test
  void aLineNamesTheOwnerAndItsLimits() {
    Client client =
        client(
            "  name=alice scope=operator requests_per_minute=60 tokens_per_minute=90000"
                + " max_in_flight=4 models=llama,qwen-*,llama");

    assertThat(client)
        .isEqualTo(
            new Client(
                "alice",
                Set.of(Scope.OPERATOR),
                new ClientLimits(60, 90000, 4, List.of("llama", "qwen-*"))));
  }

  @ParameterizedTest
  @CsvSource({"' the first one', the first one", "' \"quoted\u0007\"', ?quoted??"})
  void wordsWithoutAnEqualsSignFormTheName(String rest, String name) {
    assertThat(client(rest)).isEqualTo(new Client(name, Set.of(), ClientLimits.NONE));
  }

  @Test
  void aKeyWithoutANameIsNamedByTheBeginningOfItsDigest() {
    String name = "key-" + DIGEST.substring(7, 15);

    assertThat(client("").name()).isEqualTo(name);
    assertThat(ApiKey.of("sk-secret").client().name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " scope=admin",
        " scope=",
        " requests_per_minute=0",
        " requests_per_minute=-1",
        " tokens_per_minute=many",
        " max_in_flight=9999999999",
        " models=",
        " models=a,,b",
        " models=a,",
        " models=a, b",
        " name=a name=b",
        " a name=b",
        " name=a b",
        " name=a b scope=operator",
        " models=a b",
        " models=a ,b",
        " requests_per_minute=1 000",
        " sk-secret=",
        "x"
      })
  void anInvalidLineIsRejectedWithoutBeingShown(String rest) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApiKey.parse(DIGEST + rest))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("sk-secret", "sha256:5"));
  }

  @Test
  void aValueWithASpaceIsNamedAndNotCut() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApiKey.parse(DIGEST + " name=alice models=a b"))
        .withMessageStartingWith("models must not contain a space");
    assertThat(client(" batch jobs models=a max_in_flight=4").name()).isEqualTo("batch jobs");
  }

  private static Client client(String rest) {
    return ApiKey.parse(DIGEST + rest).client();
  }
}
