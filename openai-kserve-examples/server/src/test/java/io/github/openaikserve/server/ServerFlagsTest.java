package io.github.openaikserve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.server.config.BackendConfig;
import io.github.openaikserve.server.config.ClientRules;
import io.github.openaikserve.server.config.ConfigException;
import io.github.openaikserve.server.config.ListenConfig;
import io.github.openaikserve.server.config.ServerConfig;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What each flag of the server means. */
final class ServerFlagsTest {
  private static final String CLIENTS =
      "--stall 7 --shutdown-delay 3 --max-connections 9 --metrics-port 9464 --api-key-file keys"
          + " --tls-certificate c.pem --tls-key k.pem --tls-client-ca ca.pem"
          + " --cors-origin https://a.example --cors-origin https://b.example";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void flagsSayWhatClientsAreAllowed() {
    ClientRules clients = config("--endpoint a:1 " + CLIENTS).listen().clients();

    assertThat(clients.stall()).isEqualTo(Duration.ofSeconds(7));
    assertThat(clients.shutdownDelay()).isEqualTo(Duration.ofSeconds(3));
    assertThat(clients.maxConnections()).isEqualTo(9);
    assertThat(clients.service().metricsPort()).contains(9464);
    assertThat(clients.apiKeyFile()).contains(Path.of("keys"));
    assertThat(clients.certificates()).contains(Path.of("c.pem"));
    assertThat(clients.key()).contains(Path.of("k.pem"));
    assertThat(clients.clientAuthorities()).contains(Path.of("ca.pem"));
    assertThat(clients.corsOrigins()).containsExactly("https://a.example", "https://b.example");
  }

  @Test
  void flagsThatAreNotGivenLeaveWhatIsUsual() {
    assertThat(config("--endpoint a:1").listen()).isEqualTo(ListenConfig.DEFAULT);
  }

  @Test
  void flagsGoBeforeWhatTheFileSays() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("server.yaml"),
            """
            server:
              port: 1
              stall: 1s
              max_connections: 1
              metrics: {port: 1, host: 0.0.0.0}
              cors_origins: ["https://file.example"]
              limits: {messages: 5, tools: 6}
            backends: [{name: b, target: "b:1"}]
            models: [{id: m, dialect: anyserve}]
            """);

    ServerConfig config =
        config("--config " + file + " --port 2 --limit tools=7 --limit stop=2 " + CLIENTS);

    ClientRules clients = config.listen().clients();
    assertThat(config.listen().port()).isEqualTo(2);
    assertThat(clients.stall()).isEqualTo(Duration.ofSeconds(7));
    assertThat(clients.maxConnections()).isEqualTo(9);
    assertThat(clients.service().metricsPort()).contains(9464);
    assertThat(clients.service().metricsHost()).isEqualTo("0.0.0.0");
    assertThat(clients.corsOrigins()).hasSize(2).doesNotContain("https://file.example");
    assertThat(config.listen().limits())
        .isEqualTo(RequestLimits.builder().messages(5).tools(7).stops(2).build());
    assertThat(config.models()).singleElement().satisfies(m -> assertThat(m.id()).isEqualTo("m"));
  }

  @Test
  void anEndpointMayBeSeveralAndHaveItsStreamsElsewhere() {
    var several = (BackendConfig.Remote) config("--endpoint a:1,b:2").backends().get(0);
    var split =
        (BackendConfig.Remote) config("--endpoint a:1 --stream-endpoint b:2").backends().get(0);

    assertThat(several.reach().targets()).containsExactly("a:1", "b:2");
    assertThat(split.target()).isEqualTo("a:1");
    assertThat(split.streamTarget()).isEqualTo(Optional.of("b:2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--stall 0 | --stall must be positive",
        "--shutdown-delay -1 | --shutdown-delay must not be negative",
        "--max-connections 0 | --max-connections must be positive",
        "--tls-certificate c.pem | a certificate needs its key",
        "--tls-client-ca ca.pem | only over TLS",
        "--limit messages=0 | --limit: limit 'messages' must be between 1 and 2048, but is 0",
        "--limit message=5 | --limit: there is no limit of 'message'",
      })
  void whatCannotBeMeantIsSaid(String wrong, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config("--endpoint a:1 " + wrong))
        .withMessageContaining(words);
  }

  @Test
  void aKeyIsHashedAsTheFileOfKeysHasIt() {
    var out = new StringWriter();

    assertThat(hash(" secret \n", out, new StringWriter())).isZero();
    assertThat(out.toString().strip())
        .isEqualTo(ApiKeyDigest.of("secret").toString())
        .doesNotContain("secret");
  }

  @Test
  void noKeyIsNotHashed() {
    var err = new StringWriter();

    assertThat(hash("", new StringWriter(), err)).isEqualTo(2);
    assertThat(hash(" \n", new StringWriter(), err)).isEqualTo(2);
    assertThat(err.toString()).contains("reads a key from the standard input");
  }

  private static int hash(String typed, StringWriter out, StringWriter err) {
    CommandLine command = ServerCommand.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
    try {
      return command.execute("--hash-api-key");
    } finally {
      System.setIn(before);
    }
  }

  private static ServerConfig config(String arguments) {
    var flags = new ServerFlags();
    new CommandLine(flags).parseArgs(arguments.split(" "));
    return flags.toConfig();
  }
}
