package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.server.config.BackendConfig;
import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ListenConfig;
import io.github.openaikserve.server.config.ResilienceConfig;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.key.ApiKeyDigest;
import io.github.openaikserve.server.options.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What flags and variables set, and how they combine with a file. */
final class ServerFlagsTest {
  private static final String CLIENTS =
      "--write-timeout 7 --shutdown-delay 3 --max-connections 9 --metrics-port 9464 --api-key-file"
          + " F --tls-certificate F --tls-key F --tls-client-ca F --cors-origin https://a.example"
          + " --cors-origin https://b.example";

  private static final String FILE =
      """
      server:
        port: 1
        write_timeout: 1s
        max_connections: 1
        metrics: {port: 1, host: 0.0.0.0}
        cors_origins: ["https://file.example"]
        limits: {messages: 5, tools: 6}
      api_keys: [of-the-file]
      backends: [{name: b, target: "b:1"}]
      models: [{id: m, dialect: anyserve}]
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @SuppressWarnings("NullAway.Init")
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.writeString(directory.resolve("server.yaml"), FILE);
  }

  @Test
  void flagsSetWhatTheServerAccepts() {
    ListenConfig server = config("--endpoint a:1 " + CLIENTS).server();

    assertThat(server.writeTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(server.shutdownDelay()).isEqualTo(Duration.ofSeconds(3));
    assertThat(server.maxConnections()).contains(9);
    assertThat(server.metrics()).contains(new ListenConfig.MetricsConfig(9464, "127.0.0.1"));
    assertThat(server.apiKeyFile()).contains(file);
    assertThat(server.tls())
        .contains(new ListenConfig.TlsConfig(file, file, Optional.of(file), Duration.ofMinutes(1)));
    assertThat(server.corsOrigins()).containsExactly("https://a.example", "https://b.example");
  }

  @Test
  void optionsThatAreNotSetHaveTheirDefaults() {
    ListenConfig server = config("--endpoint a:1").server();

    assertThat(server.host()).isEqualTo("127.0.0.1");
    assertThat(server.port()).isEqualTo(8080);
    assertThat(server.maxBody()).isEqualTo(10 << 20);
    assertThat(server.requestTimeout()).isEqualTo(Duration.ofSeconds(75));
    assertThat(server.writeTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(server.shutdownDelay()).isEqualTo(Duration.ofSeconds(5));
    assertThat(server.gracePeriod()).isEqualTo(Duration.ofSeconds(10));
    assertThat(server.maxConnections()).isEmpty();
    assertThat(server.limits().toRequestLimits()).isEqualTo(RequestLimits.ofDefaults());
    assertThat(server.tls()).isEmpty();
  }

  @Test
  void flagsOverrideTheFile() {
    ServerConfig config =
        config("--config F --port 2 --limit tools=7 --limit stop=2 --api-key k " + CLIENTS);

    ListenConfig server = config.server();
    assertThat(server.port()).isEqualTo(2);
    assertThat(server.writeTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(server.maxConnections()).contains(9);
    assertThat(server.metrics()).contains(new ListenConfig.MetricsConfig(9464, "0.0.0.0"));
    assertThat(server.corsOrigins()).hasSize(2).doesNotContain("https://file.example");
    assertThat(server.limits().toRequestLimits())
        .isEqualTo(RequestLimits.builder().messages(5).tools(7).stops(2).build());
    assertThat(config.apiKeys()).containsExactly("k");
    assertThat(config.models()).singleElement().satisfies(m -> assertThat(m.id()).isEqualTo("m"));
  }

  @Test
  void variablesOverrideTheFileAndFlagsOverrideVariables() {
    Map<String, String> environment =
        Map.of(
            "OPENAI_KSERVE_CONFIG",
            file.toString(),
            "OPENAI_KSERVE_PORT",
            "3",
            "OPENAI_KSERVE_WRITE_TIMEOUT",
            "5m",
            "OPENAI_KSERVE_KEEP_ALIVE",
            "4s",
            "OPENAI_KSERVE_LIMIT",
            "tools=8, stop=3",
            "OPENAI_KSERVE_CORS_ORIGIN",
            "https://c.example, https://d.example",
            "OPENAI_KSERVE_API_KEY",
            "one,key");

    ServerConfig config = config("--port 2", environment);

    assertThat(config.server().port()).isEqualTo(2);
    assertThat(config.server().writeTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.server().keepAlive()).isEqualTo(Duration.ofSeconds(4));
    assertThat(config.server().limits().toRequestLimits())
        .isEqualTo(RequestLimits.builder().messages(5).tools(8).stops(3).build());
    assertThat(config.server().corsOrigins())
        .containsExactly("https://c.example", "https://d.example");
    assertThat(config.apiKeys()).containsExactly("one,key");
  }

  @Test
  void aVariableOfKubernetesIsIgnored() {
    assertThat(
            config("--endpoint a:1", Map.of("OPENAI_KSERVE_PORT", "tcp://10.0.0.1:80"))
                .server()
                .port())
        .isEqualTo(8080);
  }

  @Test
  void anEndpointMayHaveSeveralAddressesAndASeparateStreamEndpoint() {
    BackendConfig several = config("--endpoint a:1,b:2").backends().get(0);
    BackendConfig split = config("--endpoint a:1 --stream-endpoint b:2").backends().get(0);

    assertThat(several.address().target()).contains("a:1,b:2");
    assertThat(split.address().target()).contains("a:1");
    assertThat(split.address().streamTarget()).contains("b:2");
  }

  @Test
  void callsToAnyServeAreLimitedToTen() {
    BackendConfig backend = config("--anyserve-endpoint a:1").backends().get(0);

    assertThat(backend.address().streamPortOffset()).contains(100);
    assertThat(backend.resilience().limit().map(ResilienceConfig.Limit::limit))
        .contains(ConcurrencyLimit.builder().max(10).queue(1024).build());
  }

  @Test
  void aDispatcherAtAHighPortHasNoPortForStreams() {
    for (String high : List.of("a:65436", "a:65436,b:1", "b:1,a:65436", "dns:///a:65436")) {
      assertThat(streamPort(high)).isEmpty();
    }
    assertThat(streamPort("a:65435,b:1")).contains(100);
  }

  private Optional<Integer> streamPort(String dispatchers) {
    return config("--anyserve-endpoint " + dispatchers)
        .backends()
        .get(0)
        .address()
        .streamPortOffset();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--write-timeout 0 | --write-timeout: must be more than 0",
        "--shutdown-delay -1 | --shutdown-delay: expected a duration",
        "--max-connections 0 | --max-connections: must be from 1 to 1000000, found '0'",
        "--tls-certificate F | --tls-certificate: --tls-key is missing",
        "--tls-client-ca F | --tls-client-ca: --tls-certificate is missing",
        "--limit messages=0 | --limit messages: must be from 1 to 2048, found '0'",
        "--limit message=5 | --limit message: unknown key; did you mean 'messages'?",
        "--limit messages | --limit: expected KEY=VALUE, found 'messages'",
        "--api-key-file /nowhere | --api-key-file: cannot read /nowhere: no such file",
        "--grace-period soon | --grace-period: expected a duration such as 30s, 10m or 500ms, found"
            + " 'soon'",
        "--timeout 999999999h | --timeout: must be from 1ms to 876000h, found '999999999h'",
        "--chat-template nonsense | --chat-template: unknown chat template 'nonsense'",
      })
  void errorsNameTheInvalidFlag(String wrong, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config("--endpoint a:1 " + wrong))
        .withMessageStartingWith(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI_KSERVE_API_KEY | '' | must not be empty",
        "OPENAI_KSERVE_API_KEY | ' ' | must not be empty",
        "OPENAI_KSERVE_HOST | '' | must not be empty",
        "OPENAI_KSERVE_PORT | many | expected a whole number, found 'many'",
        "OPENAI_KSERVE_GGUF | /nowhere | cannot be combined with --endpoint",
        "OPENAI_KSERVE_LIMITS_MESSAGES | 0 | must be from 1 to 2048, found '0'",
      })
  void errorsNameTheInvalidVariable(String name, String value, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config("--endpoint a:1", Map.of(name, value)))
        .withMessage(name + ": " + words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost | missing port in 'localhost', expected HOST:PORT",
        "http://localhost:8001 | gRPC targets have no http:// scheme; use localhost:8001",
        "https://triton:8001/v2 | gRPC targets have no https:// scheme; use triton:8001 with 'tls:"
            + " true'",
        "a:0 | expected a port from 1 to 65535, found 0",
        "a:1,b | missing port in 'b', expected HOST:PORT",
        "xds:///triton:1 | target 'xds:///triton:1' has the scheme xds, expected HOST:PORT",
        "dns:///triton | missing port in 'triton', expected HOST:PORT",
      })
  void anInvalidTargetIsRejected(String target, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config("--endpoint " + target))
        .withMessageStartingWith("--endpoint: " + words);
    String yaml = FILE.replace("\"b:1\"", "\"" + target + "\"");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Configuration.parse(file, yaml, Map.of()))
        .withMessageStartingWith(file + ":9:30: backends[0].target: " + words);
  }

  @Test
  void hashApiKeyPrintsALineOfTheApiKeyFile() {
    var out = new StringWriter();

    assertThat(hash(" secret \n", out, new StringWriter())).isZero();
    assertThat(out.toString().strip())
        .isEqualTo(ApiKeyDigest.of("secret").toString())
        .doesNotContain("secret");
  }

  @Test
  void hashApiKeyFailsWithoutAKey() {
    var err = new StringWriter();

    assertThat(hash("", new StringWriter(), err)).isEqualTo(2);
    assertThat(hash(" \n", new StringWriter(), err)).isEqualTo(2);
    assertThat(err.toString()).contains("reads an API key from the standard input");
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

  @Test
  void onlyErrorsOfFlagsReferToHelp() {
    assertThat(errors("--endpoint", "a")).contains("(--help lists the options)");
    assertThat(errors("--config", directory.toString())).contains("(--help lists the options)");
    assertThat(errors("--config", file.toString(), "--prot", "1"))
        .contains("did you mean '--port'?");
    assertThat(errors("--config", broken().toString())).doesNotContain("--help");
  }

  @Test
  void theHelpOfANegatedFlagSaysWhatItTurnsOff() {
    assertThat(Configuration.flags())
        .filteredOn(flag -> flag.name().startsWith("--no-"))
        .hasSize(2)
        .allMatch(flag -> flag.description().matches("(Do not|Reject) .*"));
  }

  private Path broken() {
    try {
      return Files.writeString(directory.resolve("broken.yaml"), "server: 1\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String errors(String... arguments) {
    CommandLine command = ServerCommand.commandLine(Map.of());
    var err = new StringWriter();
    command.setErr(new PrintWriter(err, true));
    assertThat(command.execute(arguments)).isEqualTo(2);
    return err.toString();
  }

  private ServerConfig config(String arguments) {
    return config(arguments, Map.of());
  }

  private ServerConfig config(String arguments, Map<String, String> environment) {
    CommandSpec spec = CommandSpec.create();
    ServerFlags.addTo(spec);
    String[] given = arguments.replace(" F", " " + file).split(" ");
    return Configuration.read(
            ServerFlags.inputs(new CommandLine(spec).parseArgs(given), environment))
        .values();
  }
}
