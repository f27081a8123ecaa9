package io.github.openaikserve.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.server.config.ListenConfig.UnsupportedTools;
import io.github.openaikserve.server.options.ConfigException;
import io.github.openaikserve.server.options.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigFileTest {
  private static final String SMALLEST =
      """
      backends:
        - {name: one, target: "localhost:8001"}
      models:
        - {id: m, dialect: triton-vllm}
      """;

  @TempDir private Path directory;

  @Test
  void theSmallestFileIsOneServerAndOneModel() throws IOException {
    ServerConfig config = read(SMALLEST, Map.of());

    assertThat(config.server().port()).isEqualTo(8080);
    assertThat(config.backends())
        .singleElement()
        .satisfies(
            backend -> {
              assertThat(backend.name()).isEqualTo("one");
              assertThat(backend.address().target()).contains("localhost:8001");
            });
    assertThat(config.models())
        .singleElement()
        .satisfies(
            model -> {
              assertThat(model.backend()).isEmpty();
              assertThat(model.dialect().flatMap(DialectChoice::dialect))
                  .contains(Dialects.TRITON_VLLM);
              assertThat(model.timeouts()).isEqualTo(TimeoutConfig.NONE);
            });
  }

  @Test
  void everyKindOfServerAndModelIsRead() throws IOException {
    Files.writeString(directory.resolve("ca.pem"), "");
    Files.writeString(directory.resolve("m.gguf"), "GGUF");
    ServerConfig config =
        read(
            """
            server: {host: 0.0.0.0, port: 9000, max_body: 1MiB, grace_period: 1m, request_timeout: 500ms, unsupported_tools: reject}
            api_keys: ["${KEY}"]
            backends:
              - name: triton
                target: dns:///triton:8001
                stream_target: triton:8002
                service: some.Service
                tls: {trusted_certificates: ca.pem}
                metadata: {authorization: "Bearer ${TOKEN:-none}", literal: "$${KEY}"}
                timeout: 10m
                keep_alive: 30
                max_message_size: 4MiB
              - {name: any, target: "any:8000", stream_port_offset: 100, tls: true}
              - {name: local, embedded: true, gguf: m.gguf}
            models:
              - id: big
                aliases: [large, huge]
                backend: triton
                dialect: tensorrt-llm
                model_name: ensemble
                model_version: 2
                chat_template: llama3
                tool_call_format: hermes
                reasoning_format: none
                timeout: 2h
                concurrency: 3
                strict: true
                unary_answers: true
                owned_by: me
                shutdown_date: 2027-03-31
                adapters: {big-sql: sql-v2}
                adapter_separator: ":"
                default: true
              - {id: vectors, backend: triton, embeddings: generic}
              - {id: small, backend: local, tool_call_format: none}
            """,
            Map.of("KEY", "secret"));

    ListenConfig server = config.server();
    assertThat(server.host()).isEqualTo("0.0.0.0");
    assertThat(server.port()).isEqualTo(9000);
    assertThat(server.maxBody()).isEqualTo(1 << 20);
    assertThat(server.gracePeriod()).isEqualTo(Duration.ofMinutes(1));
    assertThat(server.requestTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.apiKeys()).containsExactly("secret");
    checkBackends(config);
    checkModels(config);
  }

  private void checkBackends(ServerConfig config) {
    BackendConfig triton = config.backends().get(0);
    assertThat(triton.address())
        .isEqualTo(
            new BackendConfig.Address(
                Optional.of("dns:///triton:8001"),
                List.of(),
                Optional.of("triton:8002"),
                Optional.empty(),
                Optional.of("some.Service")));
    assertThat(triton.credentials().tls())
        .contains(new CredentialsConfig.Trust(Optional.of(directory.resolve("ca.pem"))));
    assertThat(triton.credentials().metadata())
        .isEqualTo(Map.of("authorization", "Bearer none", "literal", "${KEY}"));
    assertThat(triton.timeouts().timeout()).contains(Duration.ofMinutes(10));
    assertThat(triton.connection().keepAlive()).contains(Duration.ofSeconds(30));
    assertThat(triton.connection().maxMessageSize()).contains(4 << 20);
    BackendConfig any = config.backends().get(1);
    assertThat(any.address().streamPortOffset()).contains(100);
    assertThat(any.credentials().tls()).contains(new CredentialsConfig.Trust(Optional.empty()));
    assertThat(config.backends().get(2).worker())
        .isEqualTo(
            new BackendConfig.Worker(
                true, Optional.of(directory.resolve("m.gguf")), Optional.empty()));
  }

  private static void checkModels(ServerConfig config) {
    ModelConfig big = config.models().get(0);
    assertThat(big.aliases()).containsExactly("large", "huge");
    assertThat(big.modelVersion()).contains("2");
    assertThat(big.shutdownDate()).contains(LocalDate.of(2027, 3, 31));
    assertThat(big.adapters()).containsOnly(entry("big-sql", "sql-v2"));
    assertThat(big.adapterSeparator()).contains(":");
    assertThat(big.chat().toolCalls()).isPresent();
    assertThat(big.chat().separatesReasoning()).isFalse();
    assertThat(big.timeouts().timeout()).contains(Duration.ofHours(2));
    assertThat(big.concurrency()).contains(3);
    assertThat(config.server().unsupportedTools()).isEqualTo(UnsupportedTools.REJECT);
    assertThat(big.strict()).isTrue();
    assertThat(big.unaryAnswers()).isTrue();
    assertThat(big.isDefault()).isTrue();
    assertThat(config.models().get(1).embeddings()).contains(Dialects.EMBEDDINGS);
    assertThat(config.models().get(1).dialect()).isEmpty();
    assertThat(config.models().get(2).chat().hasTools()).isFalse();
  }

  @Test
  void anAdapterIsAModelWithConstants() throws IOException {
    ServerConfig config =
        read(
            """
            backends: [{name: one, target: "a:1"}]
            models:
              - {id: base}
              - id: alpha
                model_name: base
                constants:
                  - {tensor: sampling_parameters, json: {lora_name: alpha, priority: 1}}
                  - {tensor: lora_task_id, datatype: UINT64, value: 7}
                  - {tensor: lora_path, datatype: BYTES, value: /adapters/alpha}
            """,
            Map.of());

    assertThat(config.models().get(0).constants()).isEmpty();
    List<ConstantTensor> alpha = config.models().get(1).constants();
    assertThat(alpha.get(0).tensor()).isEqualTo("sampling_parameters");
    assertThat(alpha.get(0).json())
        .containsOnly(entry("lora_name", "alpha"), entry("priority", 1L));
    assertThat(alpha.subList(1, 3))
        .extracting(ConstantTensor::tensorOfValue)
        .extracting(tensor -> tensor.name() + " " + tensor.datatype())
        .containsExactly("lora_task_id UINT64", "lora_path BYTES");
    assertThat(alpha.get(1).tensorOfValue().longs()).containsExactly(7);
  }

  @Test
  void theNamesOfEmbeddingTensorsNeedNoTable() throws IOException {
    ServerConfig config =
        read(
            """
            backends: [{name: one, target: "a:1"}]
            models:
              - {id: bge, embeddings: {generic: {input: text, output: output-0}}}
            """,
            Map.of());

    var call =
        config
            .models()
            .get(0)
            .embeddings()
            .orElseThrow()
            .encode(
                new InputBatch(
                    "bge",
                    null,
                    RequestKind.EMBEDDING,
                    2,
                    Map.of(RequestField.INPUT, List.of("one", "two"))));
    assertThat(call.request().inputs())
        .singleElement()
        .satisfies(input -> assertThat(input.name()).isEqualTo("text"));
  }

  @Test
  void mergeKeysAddMissingEntries() throws IOException {
    ServerConfig config =
        read(
            """
            backends: [{name: one, target: "a:1"}]
            models:
              - &first {id: a, owned_by: x, chat_template: chatml, concurrency: 2}
              - &second {<<: *first, id: b, concurrency: 3}
              - {id: c, <<: [*second, *first]}
              - {id: d, <<: {owned_by: y}}
            """,
            Map.of());

    assertThat(config.models()).extracting(ModelConfig::id).containsExactly("a", "b", "c", "d");
    assertThat(config.models())
        .extracting(model -> model.ownedBy().orElse(""))
        .containsExactly("x", "x", "x", "y");
    assertThat(config.models())
        .extracting(model -> model.concurrency().orElse(0))
        .containsExactly(2, 3, 3, 0);
  }

  @Test
  void aMergeKeyNeedsAMappingAndDoesNotHideUnknownKeys() {
    assertThat(failure("models: [{id: a, <<: text}]"))
        .contains("models[0].<<: expected a mapping or a list of mappings");
    assertThat(failure("models: [{id: a, <<: {owned_bu: x}}]"))
        .contains("models[0].owned_bu: unknown key; did you mean 'owned_by'?");
    assertThat(failure("models: [{id: a, id: b}]")).contains("duplicate key");
    assertThat(failure("models: [&a {id: a, <<: [*a, {nope: 1}]}]")).isNotEmpty();
  }

  private String failure(String models) {
    return String.valueOf(
        catchThrowableOfType(
                ConfigException.class,
                () -> read("backends: [{name: one, target: 'a:1'}]\n" + models + "\n", Map.of()))
            .getMessage());
  }

  @Test
  void theDialectIsDetectedIfItIsNotSetOrAuto() throws IOException {
    ServerConfig config =
        read(
            """
            check: warn
            backends: [{name: one, target: "a:1"}, {name: two, embedded: true}]
            models:
              - {id: silent, backend: one}
              - {id: auto, backend: one, dialect: auto, embeddings: generic}
              - {id: vectors, backend: one, embeddings: generic}
              - {id: local, backend: two}
            discover:
              - {backend: one, chat_template: chatml, timeout: 5}
            """,
            Map.of());

    assertThat(config.check()).isEqualTo(CheckMode.WARN);
    assertThat(config.models())
        .extracting(model -> model.detects(config.backend(model.backend().orElse(""))))
        .containsExactly(true, true, false, false);
    assertThat(config.discover())
        .singleElement()
        .satisfies(
            discovery -> {
              assertThat(discovery.backend()).contains("one");
              assertThat(discovery.timeouts().timeout()).contains(Duration.ofSeconds(5));
              assertThat(discovery.chat().template()).isPresent();
            });
  }

  @Test
  void aDialectMayBeWrittenAsATable() throws IOException {
    var dialect =
        read(
                """
                backends: [{name: one, target: "localhost:1"}]
                models:
                  - id: m
                    dialect:
                      name: acme
                      inputs:
                        - {tensor: prompt, datatype: BYTES, field: prompt}
                        - {tensor: limit, datatype: INT32, field: max_tokens, when_absent: 64}
                        - tensor: sampling
                          json: {heat: temperature, top_p: {field: top_p}}
                      constants:
                        - {tensor: mode, datatype: BYTES, value: chat}
                        - {tensor: pair, datatype: FP32, value: [0.5, 1]}
                      outputs:
                        - {tensor: out, json_key: text, field: text}
                      parameters: {priority: 3, seed: {field: seed}, fast: true}
                      metadata: {x-tenant: a}
                      streams: always
                      batch_dimension: true
                      final_parameter: last
                      model_names: {unary: u, stream: s}
                      running_finish_reasons: ["", "null"]
                """,
                Map.of())
            .models()
            .get(0)
            .dialect()
            .flatMap(DialectChoice::dialect)
            .orElseThrow();

    var call =
        dialect.encode(
            new Generation(
                "m",
                null,
                Map.of(
                    RequestField.PROMPT,
                    "Hi",
                    RequestField.TEMPERATURE,
                    0.5,
                    RequestField.SEED,
                    7L,
                    RequestField.STREAM,
                    true)));

    InferRequest request = call.request();
    assertThat(dialect.name()).isEqualTo("acme");
    assertThat(call.rpc()).isEqualTo(Rpc.MODEL_STREAM_INFER);
    assertThat(call.metadata()).containsEntry("x-tenant", "a");
    assertThat(request.modelName()).isEqualTo("s");
    assertThat(request.input("prompt").orElseThrow().shape()).containsExactly(1, 1);
    assertThat(request.input("limit").orElseThrow().ints()).containsExactly(64);
    assertThat(request.input("sampling").orElseThrow().texts()).containsExactly("{\"heat\":0.5}");
    assertThat(request.input("mode").orElseThrow().texts()).containsExactly("chat");
    assertThat(request.input("pair").orElseThrow().datatype()).isEqualTo(Datatype.FP32);
    assertThat(request.parameters())
        .containsEntry("priority", InferParameter.of(3))
        .containsEntry("seed", InferParameter.of(7))
        .containsEntry("fast", InferParameter.of(true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{backends: [], modles: []}               | 1:16: modles: unknown key; did you mean"
            + " 'models'?",
        "server: {prot: 1}                       | 1:10: server.prot: unknown key; did you mean"
            + " 'port'?",
        "server: {colour: 1}                     | unknown key; allowed keys are host, port,"
            + " max_body, request_timeout",
        "server: {port: 70000}                   | 1:16: server.port: must be from 0 to 65535,"
            + " found '70000'",
        "server: {port: many}                    | server.port: expected a whole number, found"
            + " 'many'",
        "server: {port: [1]}                     | server.port: expected a text, found a list",
        "server: {port: }                        | server.port: expected a text, found nothing",
        "server: {grace_period: soon}            | expected a duration such as 30s, 10m or 500ms, found 'soon'",
        "server: {max_body: 2GiB}                | must be from 1 to 1073741824 bytes, found '2GiB'",
        "server: {max_body: 9999999999GiB}       | must be from 1 to 1073741824 bytes",
        "server: {host: '${NOBODY}'}             | 1:16: server.host: environment variable NOBODY"
            + " is not set",
        "server: {host: '${a b}'}                | expected ${NAME} or ${NAME:-DEFAULT}",
        "server: {port: '${SECRET}'}             | expected a whole number, found '${SECRET}'",
        "server: {host: ' '}                     | server.host: must not be empty",
        "server: {port: 1, port: 2}              | 1:19: server.port: duplicate key",
        "server: {host: !java.net.URL x}         | tags such as !java.net.URL are not supported",
        "server: [1]                             | 1:9: server: expected a mapping of keys to values, found a list",
        "server: {port: 1                        | 1:17: invalid YAML",
        "backends: []                            | no model is configured; set 'models' or"
            + " 'discover'",
        "{backends: [], models: []}              | models: no model is configured; set 'models' or"
            + " 'discover'",
        "{backends: [{name: a, target: 'b:1'}], models: [{id: m}], check: maybe} | expected one of"
            + " false, true, warn, found 'maybe'",
        "backends: x                             | backends: expected a list, found 'x'",
        "backends: [{name: a}]                   | 1:12: backends[0]: 'target' is missing",
        "backends: [{name: a, traget: b}]        | 1:22: backends[0].traget: unknown key; did you"
            + " mean 'target'?",
        "backends: [{name: a, target: 'b:1', tls: 7}] | backends[0].tls: expected true or a mapping"
            + " {trusted_certificates: ...}, found '7'",
        "{backends: [{name: a, target: 'b:1'},{name: a, target: 'c:1'}], models: [{id: m}]} | 1:45:"
            + " backends[1].name: the name 'a' is already used; see backends[0].name at",
      })
  void errorsNameTheirPlace(String yaml, String words) {
    var wrong =
        catchThrowableOfType(
            ConfigException.class, () -> read(yaml, Map.of("SECRET", "do not show")));

    assertThat(wrong.getMessage())
        .startsWith(directory.resolve("server.yaml") + ":")
        .contains(words);
    assertThat(wrong.getMessage()).doesNotContain("do not show").doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{id: a, dialect: dynamo, defaults: {temprature: 1}} | models[0].defaults.temprature: default parameter 'temprature': unknown field",
        "{id: a, dialect: dynamo, defaults: {temperature: warm}} | models[0].defaults.temperature: default parameter 'temperature': Invalid type",
        "{id: a, dialect: dynamo, defaults: {n: 2}} | models[0].defaults.n: default parameter 'n': this field cannot have a default",
        "{dialect: auto}                          | 4:5: models[0]: 'id' is missing",
        "{id: m, dialect: triton-vlm}             | did you mean 'triton-vllm'?",
        "{id: m, dialect: anyserve, backend: two} | models[0].backend: expected one of one, found"
            + " 'two'",
        "{id: m, dialect: anyserve, chat_template: nonsense} | models[0].chat_template: unknown"
            + " chat template 'nonsense'",
        "{id: m, dialect: anyserve, chat_template: a.jinja}  | models[0].chat_template: cannot"
            + " read",
        "{id: m, dialect: anyserve, tool_call_format: hermse} | did you mean 'hermes'?",
        "{id: m, dialect: {inputs: [], outputs: []}} | models[0].dialect: dialect 'configured' has"
            + " no main input",
        "{id: m, dialect: {inputs: [{tensor: t, datatype: TEXT}], outputs: []}} |"
            + " models[0].dialect.inputs[0].datatype: expected one of BF16",
        "{id: m, dialect: {inputs: [{tensor: t, datatype: BYTES, field: promt}], outputs: []}} |"
            + " did you mean 'prompt'?",
        "{id: m, embeddings: {inputs: [{tensor: t, datatype: FP32, field: input}], outputs:"
            + " [{tensor: o, field: embedding}]}} | models[0].embeddings.inputs[0]: tensor 't':"
            + " INPUT cannot be sent as FP32",
      })
  void errorsOfModelsNameTheirKey(String model, String words) {
    String yaml = "backends:\n  - {name: one, target: \"x:1\"}\nmodels:\n  - " + model + "\n";

    var wrong = catchThrowableOfType(ConfigException.class, () -> read(yaml, Map.of()));

    assertThat(wrong.getMessage()).contains(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: chat, stream_type: chat_stream, model: qwen} | false | MODEL_INFER | chat | qwen",
        "{type: chat, stream_type: chat_stream, model: qwen} | true | MODEL_STREAM_INFER | chat_stream | qwen",
        "{type: summarize, model: ''} | true | MODEL_INFER | summarize | ''",
        "{stream_type: speak} | false | MODEL_STREAM_INFER | speak | ''",
      })
  void aCapabilityOfAnAnyServeWorkerIsOneLine(
      String capability, boolean stream, Rpc rpc, String name, String version) throws IOException {
    Dialect dialect =
        read(
                "backends: [{name: one, target: 'a:1'}]\n"
                    + "models: [{id: m, dialect: {anyserve: "
                    + capability
                    + "}}]\n",
                Map.of())
            .models()
            .get(0)
            .dialect()
            .flatMap(DialectChoice::dialect)
            .orElseThrow();

    var call =
        dialect.encode(
            new Generation("m", null, Map.of(RequestField.PROMPT, "Hi")).withStream(stream));

    assertThat(call.rpc()).isEqualTo(rpc);
    assertThat(call.request().modelName()).isEqualTo(name);
    assertThat(call.request().modelVersion()).isEqualTo(version);
  }

  @Test
  void aModelNameThatAnyServeWouldIgnoreIsRefused() {
    var wrong =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                read(
                    "backends: [{name: one, target: 'a:1'}]\n"
                        + "models: [{id: m, dialect: anyserve, model_name: chat}]\n",
                    Map.of()));

    assertThat(wrong)
        .hasMessageContaining("models[0].model_name")
        .hasMessageContaining("stream_type");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    Path nowhere = directory.resolve("nowhere.yaml");
    Path binary = Files.write(directory.resolve("binary.yaml"), new byte[] {(byte) 0xff, 1});

    assertThat(catchThrowableOfType(ConfigException.class, () -> file(nowhere)))
        .hasMessage("--config: cannot read " + nowhere + ": no such file");
    assertThat(catchThrowableOfType(ConfigException.class, () -> file(binary)))
        .hasMessage(binary + " is not UTF-8");
  }

  @Test
  void defaultsOfAModelAreReadAsJsonValues() throws IOException {
    ServerConfig config =
        read(
            SMALLEST.replace(
                "dialect: triton-vllm",
                "dialect: triton-vllm, defaults: {temperature: 0.7, top_k: 40, ignore_eos: true,"
                    + " stop: [a, b], chat_template_kwargs: {thinking: false, level: high}}"),
            Map.of());

    assertThat(config.models().get(0).defaults())
        .isEqualTo(
            Map.of(
                "temperature",
                0.7,
                "top_k",
                40L,
                "ignore_eos",
                true,
                "stop",
                List.of("a", "b"),
                "chat_template_kwargs",
                Map.of("thinking", false, "level", "high")));
    assertThat(read(SMALLEST, Map.of()).models().get(0).defaults()).isEmpty();
  }

  @Test
  void aGenerationConfigIsResolvedAgainstTheConfigurationFile() throws IOException {
    Path config = directory.resolve("generation_config.json");
    String yaml =
        SMALLEST.replace(
            "dialect: triton-vllm",
            "dialect: triton-vllm, generation_config: generation_config.json");
    var missing = catchThrowableOfType(ConfigException.class, () -> read(yaml, Map.of()));
    Files.writeString(config, "{\"temperature\": \"warm\"}");
    var wrong = catchThrowableOfType(ConfigException.class, () -> read(yaml, Map.of()));
    Files.writeString(config, "{\"temperature\": 0.6, \"eos_token_id\": [1, 2]}");

    assertThat(read(yaml, Map.of()).models().get(0).generationConfig()).contains(config);
    assertThat(missing).hasMessageContaining("models[0].generation_config: cannot read");
    assertThat(wrong).hasMessageContaining("default parameter 'temperature': Invalid type");
  }

  @Test
  void exponentialYamlAliasesAreRejected() {
    var bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append("*a%d,".formatted(i - 1).repeat(9)).append("]\n");
    }

    var wrong = catchThrowableOfType(ConfigException.class, () -> read(bomb.toString(), Map.of()));

    assertThat(wrong.getMessage()).contains("aliases");
  }

  private static ServerConfig file(Path file) {
    var inputs = new Inputs(Map.of("--config", List.of(file.toString())), Map.of());
    return Configuration.read(inputs).values();
  }

  private ServerConfig read(String yaml, Map<String, String> environment) throws IOException {
    Path file = directory.resolve("server.yaml");
    Files.writeString(file, yaml);
    return Configuration.parse(file, Files.readString(file), environment).values();
  }
}
