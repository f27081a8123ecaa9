package io.github.openaikserve.server.config;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.server.options.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contradictions and unknown names are rejected with the places of both options. */
final class ConfigErrorsTest {
  private static final String B = "{name: b, target: 'b:1'}";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "server: {keep_alive: 999999999h} | 1:22: server.keep_alive: must be from 1ms to 876000h,"
            + " found '999999999h'",
        "server: {keep_alive: 99999999999999999999s} | 1:22: server.keep_alive: must be from 1ms to"
            + " 876000h",
        "server: {write_timeout: 1d} | 1:25: server.write_timeout: expected a duration such as 30s,"
            + " 10m or 500ms, found '1d'",
        "server: {port: 99999999999999999999} | 1:16: server.port: must be from 0 to 65535",
        "server: {api_key_file: nope} | 1:24: server.api_key_file: cannot read DIR/nope: no such"
            + " file",
        "server: {api_key_file: .} | 1:24: server.api_key_file: cannot read DIR/.: not a file",
        "server: {tls: {certificates: nope, key: f}} | 1:30: server.tls.certificates: cannot read"
            + " DIR/nope: no such file",
        "server: {tls: {certificates: f}} | 1:15: server.tls: 'key' is missing",
        "server: {affinity_header: 'X T'} | 1:27: server.affinity_header: expected the name of a"
            + " header, found 'X T'",
        "server: {forward_headers: [a, 'b:']} | 1:31: server.forward_headers[1]: expected the name"
            + " of a header, found 'b:'",
        "server: {rate_limits: {tenants: {header: 'X T', trusted_proxies: [10.0.0.0/8]}}} | 1:42:"
            + " server.rate_limits.tenants.header: expected the name of a header, found 'X T'",
        "server: {forward_headers: [a, TE]} | 1:31: server.forward_headers[1]: header 'te' is"
            + " reserved; choose another name",
        "server: {affinity_header: grpc-x} | 1:27: server.affinity_header: header 'grpc-x' is"
            + " reserved",
        "server: {keep_alive: 1ms} | 1:22: server.keep_alive: must be at least 2ms",
        "api_keys: [good, \"se\\ncret\"] | 1:18: api_keys[1]: has a control character",
        "operator_keys: [\"se\\u0007cret\"] | 1:17: operator_keys[0]: has a control character",
        "api_keys: [' key'] | 1:12: api_keys[0]: begins or ends with a space",
        "api_keys: [] | 1:11: api_keys: must not be empty",
        "api_keys: [' '] | 1:12: api_keys[0]: must not be empty",
        "api_keys: [[]] | 1:12: api_keys[0]: expected a text, found a list",
        "server: {max_conections: 1} | 1:10: server.max_conections: unknown key; did you mean"
            + " 'max_connections'?",
      })
  void errorsOfServerOptionsNamePlaceAndKey(String yaml, String message) throws IOException {
    Files.writeString(directory.resolve("f"), "");

    refused(yaml + "\nbackends: [" + B + "]\nmodels: [{id: m}]\n", message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "target: 'b:1', targets: ['c:1'] | 1:46: backends[0].targets: 'target' and 'targets' are"
            + " mutually exclusive; see target at FILE:1:30",
        "target: 'b:1', embedded: true | 1:30: backends[0].target: 'target' and 'embedded' are"
            + " mutually exclusive",
        "target: 'b:1', gguf: m.gguf | 1:43: backends[0].gguf: requires 'embedded: true'",
        "embedded: true, gguf: f | 1:44: backends[0].gguf: DIR/f is not a GGUF file: it does not begin"
            + " with GGUF",
        "embedded: true, gguf: nope | 1:44: backends[0].gguf: cannot read DIR/nope: no such file",
        "target: 'b:1', token_file: f | 1:49: backends[0].token_file: requires 'tls', or"
            + " 'allow_plaintext_credentials: true'",
        "target: 'b:1', tls: true, client_key: f | 1:60: backends[0].client_key:"
            + " 'client_certificates' and 'client_key' must be set together",
        "target: 'b:1', limit: 5 | 1:44: backends[0].limit: expected false or a mapping {max: ...,"
            + " queue: ..., max_wait: ..., hold_until_done: ...}, found '5'",
        "target: 'b:1', limit: {mxa: 5} | 1:45: backends[0].limit.mxa: unknown key; did you mean"
            + " 'max'?",
        "target: 'b:1', retries: 3 | 1:46: backends[0].retries: expected a mapping of keys to"
            + " values, found '3'",
        "target: 'b:1', timeout: 1h30m | 1:46: backends[0].timeout: expected a duration",
        "targets: ['c:1', 'd:1', 'c:1'] | 1:46: backends[0].targets[2]: the address 'c:1' is"
            + " already used; see targets[0] at FILE:1:32",
        "target: 'c:1,d:1,c:1' | 1:30: backends[0].target: the address 'c:1' is already used",
        "targets: ['c'] | 1:32: backends[0].targets[0]: missing port in 'c', expected HOST:PORT",
        "targets: ['dns:///c:1'] | 1:32: backends[0].targets[0]: expected HOST:PORT",
        "target: 'b:1', stream_target: 'dns:///c:1' | 1:52: backends[0].stream_target: expected"
            + " HOST:PORT",
        "target: 'b:8001', stream_port_offset: 65535 | 1:60: backends[0].stream_port_offset: must be"
            + " from 1 to 65534, found '65535'",
        "target: 'b:1,c:8001', stream_port_offset: 60000 | 1:64: backends[0].stream_port_offset: the"
            + " port for streams would be 68001 (8001 + 60000); the maximum is 65535; see target at"
            + " FILE:1:30",
        "target: 'dns:///b:65535', stream_port_offset: 1 | 1:68: backends[0].stream_port_offset: the"
            + " port for streams would be 65536",
        "targets: ['b:1', 'c:65535'], stream_port_offset: 100 | 1:71:"
            + " backends[0].stream_port_offset: the port for streams would be 65635 (65535 + 100);"
            + " the maximum is 65535; see targets[1] at FILE:1:39",
        "target: 'x', retries: {} | 1:30: backends[0].target: missing port in 'x'",
        "target: 'b:1', metadata: {A: x} | 1:51: backends[0].metadata.A: header 'A' cannot be sent:"
            + " expected a lower-case name",
        "target: 'b:1', metadata: {a: \"x\\ny\"} | 1:51: backends[0].metadata.a: header 'a' cannot"
            + " be sent",
        "target: 'b:1', limit: {max_wait: 9000h} | 1:44: backends[0].limit: maxWait must be"
            + " positive and at most 365 days",
        "target: 'b:1', health_check: {interval: 9000h} | 1:51: backends[0].health_check: interval"
            + " must be positive and at most 365 days",
        "target: 'b:1', retries: {max_backoff: 9000h} | 1:46: backends[0].retries: maxBackoff must"
            + " be positive and at most 365 days",
        "target: 'b:1', metadata: {a: } | 1:50: backends[0].metadata.a: expected a text, found"
            + " nothing",
      })
  void errorsOfBackendsNamePlaceAndKey(String backend, String message) throws IOException {
    Files.writeString(directory.resolve("f"), "");
    Files.writeString(directory.resolve("m.gguf"), "GGUF");

    refused("backends: [{name: b, " + backend + "}]\nmodels: [{id: m}]\n", message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{id: m}, {id: m} | 2:24: models[1].id: the id 'm' is already used; see models[0].id at"
            + " FILE:2:15",
        "{id: m, control_tokens: split} | 2:34: models[0].control_tokens: requires a chat_template"
            + " with control tokens, such as chatml",
        "{id: m, chat_template: plain, control_tokens: split} | 2:56: models[0].control_tokens:"
            + " requires a chat_template with control tokens",
        "{id: m, aliases: [a]}, {id: n, aliases: [b, a]} | 2:54: models[1].aliases[1]: the id 'a'"
            + " is already used; see models[0].aliases[0] at FILE:2:28",
        "{id: m}, {id: n, aliases: [m]} | models[1].aliases[0]: the id 'm' is already used",
        "{id: m}, {id: n, adapters: {m: x}} | models[1].adapters.m: the id 'm' is already used",
        "{id: m, shutdown_date: soon} | models[0].shutdown_date: expected a date such as"
            + " 2027-03-31, found 'soon'",
        "{id: m, default: true}, {id: n, default: true} | 2:51: models[1].default: only one model"
            + " can be the default; see models[0].default at FILE:2:27",
        "{id: m, backend: c} | 2:27: models[0].backend: expected one of b, found 'c'",
        "{id: m, constants: [{tensor: t}]} | 2:30: models[0].constants[0]: 'datatype' is missing",
        "{id: m, constants: [{tensor: t, datatype: INT32, value: x}]} |"
            + " models[0].constants[0].value: expected a whole number, found 'x'",
        "{id: m, dialect: {anyserve: {model: x}}} | models[0].dialect.anyserve: 'type' is missing",
        "{id: m, dialect: {inputs: [{tensor: t, datatype: BYTES}], outputs: [{tensor: o, field:"
            + " text}]}} | models[0].dialect.inputs[0]: 'field' is missing",
      })
  void errorsOfModelsNamePlaceAndKey(String models, String message) {
    refused("backends: [" + B + "]\nmodels: [" + models + "]\n", message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{id: m, targets: [{model: m}]} | 3:15: routes[0].id: the id 'm' is already used; see"
            + " models[0].id at FILE:2:15",
        "{id: r, targets: []} | 3:27: routes[0].targets: 'targets' is missing or empty",
        "{id: r, targets: [{model: x}]} | 3:36: routes[0].targets[0].model: expected one of m, n,"
            + " found 'x'",
        "{id: r, targets: [{model: m}, {model: m}]} | 3:48: routes[0].targets[1].model: the model"
            + " 'm' is already used; see routes[0].targets[0].model at FILE:3:36",
        "{id: r, targets: [{model: m, weight: 0}]} | 3:47: routes[0].targets[0].weight: must be"
            + " from 1 to 1000000",
        "{id: r, targets: [{model: m}], fallback: x} | 3:51: routes[0].fallback: expected one of m,"
            + " n, found 'x'",
        "{id: r, targets: [{model: m}]}, {id: r, targets: [{model: m}]} | routes[1].id: the id 'r'"
            + " is already used; see routes[0].id at FILE:3:15",
      })
  void errorsOfRoutesNamePlaceAndKey(String routes, String message) {
    refused(
        "backends: [" + B + "]\nmodels: [{id: m}, {id: n}]\nroutes: [" + routes + "]\n", message);
  }

  @Test
  void severalBackendsNeedNamesInModels() {
    String two = "backends: [" + B + ", {name: c, target: 'c:1'}]\n";

    refused(
        two + "models: [{id: m}]\n", "2:10: models[0]: 'backend' is missing; expected one of b, c");
    refused(two + "discover: [{}]\n", "2:12: discover[0]: 'backend' is missing");
  }

  @Test
  void aTooDeepOrTooLargeFileIsAnErrorAndNotAStackOverflow() {
    refused(
        "a: " + "[".repeat(5000) + "]".repeat(5000), "1:53: is nested more than 50 levels deep");
    refused("a: &a {b: *a}", "the YAML aliases expand to too many values");
    refused("a: &a [*a, *a]", "the YAML aliases expand to too many values");
    var bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 10; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d,".formatted(i - 1).repeat(9)));
    }
    refused(bomb.toString(), "the YAML aliases expand to too many values");
    refused("#".repeat(2 << 20), "is larger than 1048576 bytes");
  }

  private void refused(String yaml, String message) {
    Path file = directory.resolve("server.yaml");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Configuration.parse(file, yaml, Map.of()))
        .withMessageStartingWith(file + ":")
        .withMessageContaining(
            message.replace("FILE", file.toString()).replace("DIR", directory.toString()));
  }
}
