package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.servers.ValidatingServer;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a client sends, a server takes it or the client learns which field is wrong: no value of
 * a field is a failure of the server.
 */
final class FieldEdgesProperties {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<ValidatingServer> SERVERS = ValidatingServer.all();
  private static final Map<String, OpenAiHandler> HANDLERS =
      SERVERS.stream()
          .collect(Collectors.toMap(ValidatingServer::name, FieldEdgesProperties::handler));

  /** Fields that are the question itself, or choose who answers it. */
  private static final Set<String> GIVEN = Set.of("model", "messages", "prompt", "stream");

  /** JSON values, one a line, which the interoperability runs send to vLLM too. */
  private static final List<String> VALUES = edges();

  private static final Map<RequestKind, String> PATHS =
      Map.of(RequestKind.CHAT, "/v1/chat/completions", RequestKind.COMPLETION, "/v1/completions");

  private static final Map<RequestKind, List<Map<String, String>>> READABLE =
      PATHS.keySet().stream()
          .collect(
              Collectors.toMap(
                  kind -> kind,
                  kind -> edges(kind).stream().filter(edge -> isReadable(kind, edge)).toList()));

  private static List<String> edges() {
    try {
      return Files.readAllLines(Path.of("src/test/resources/field-edges.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OpenAiHandler handler(ValidatingServer server) {
    return OpenAiKServe.builder(server.backend())
        .model("m", m -> m.dialect(server.dialect()).chatTemplate(ChatTemplates.CHATML))
        .build()
        .httpHandler();
  }

  static Stream<String> servers() {
    return SERVERS.stream().map(ValidatingServer::name);
  }

  @ParameterizedTest
  @MethodSource("servers")
  void everyFieldsEdgesAreTakenOrNamed(String server) throws IOException {
    for (RequestKind kind : PATHS.keySet()) {
      assertThat(READABLE.get(kind)).hasSizeGreaterThan(500);
      for (Map<String, String> field : Objects.requireNonNull(READABLE.get(kind))) {
        check(server, kind, field);
      }
    }
  }

  @Test
  void everyFieldThatCannotBeReadIsNamed() throws IOException {
    for (RequestKind kind : PATHS.keySet()) {
      for (Map<String, String> field : edges(kind)) {
        if (!isReadable(kind, field)) {
          check(SERVERS.get(0).name(), kind, field);
        }
      }
    }
  }

  /** A field with each value. */
  private static List<Map<String, String>> edges(RequestKind kind) {
    return fields(kind).stream()
        .flatMap(field -> VALUES.stream().map(value -> Map.of(field, value)))
        .toList();
  }

  /** Whether a request is read. Those that are not are refused before a server is chosen. */
  private static boolean isReadable(RequestKind kind, Map<String, String> fields) {
    byte[] body = body(kind, fields).getBytes(StandardCharsets.UTF_8);
    try {
      if (kind == RequestKind.CHAT) {
        OpenAiJson.readChatCompletionRequest(body);
      } else {
        OpenAiJson.readCompletionRequest(body);
      }
      return true;
    } catch (OpenAiException e) {
      return false;
    }
  }

  private static String body(RequestKind kind, Map<String, String> fields) {
    Map<String, String> body = new LinkedHashMap<>(fields);
    if (kind == RequestKind.CHAT) {
      body.put("messages", "[{\"role\":\"user\",\"content\":\"Hi\"}]");
    } else {
      body.put("prompt", "\"Hi\"");
    }
    return body.entrySet().stream()
        .map(field -> "\"%s\":%s".formatted(field.getKey(), field.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  @Property(tries = 3000)
  void severalFieldsEdgesAreTakenOrNamed(
      @ForAll("serverNames") String server,
      @ForAll boolean chat,
      @ForAll("chosen") Map<String, String> fields)
      throws IOException {
    check(server, chat ? RequestKind.CHAT : RequestKind.COMPLETION, fields);
  }

  private static void check(String server, RequestKind kind, Map<String, String> fields)
      throws IOException {
    String text = body(kind, fields);
    ApiResponse response =
        Objects.requireNonNull(HANDLERS.get(server))
            .handle(Requests.post(Objects.requireNonNull(PATHS.get(kind)), text))
            .toCompletableFuture()
            .join();
    String answer = Bodies.text(response);

    assertThat(response.status()).as("%s %s -> %s", server, text, answer).isIn(200, 400);
    if (response.status() == 400) {
      JsonNode error = JSON.readTree(answer).get("error");
      assertThat(fields.keySet())
          .as("%s %s -> %s", server, text, answer)
          .anyMatch(name -> names(name).anyMatch(error.toString()::contains));
    }
  }

  /** All names of the field that has this one. */
  private static Stream<String> names(String name) {
    return Arrays.stream(RequestField.values())
        .filter(field -> field.jsonNames().contains(name))
        .flatMap(field -> field.jsonNames().stream());
  }

  private static List<String> fields(RequestKind kind) {
    return Arrays.stream(RequestField.values())
        .filter(field -> field.kinds().contains(kind))
        .flatMap(field -> field.jsonNames().stream())
        .filter(name -> !GIVEN.contains(name))
        .toList();
  }

  @Provide
  Arbitrary<String> serverNames() {
    return Arbitraries.of(servers().toList());
  }

  @Provide
  Arbitrary<Map<String, String>> chosen() {
    List<String> names =
        Stream.of(RequestKind.CHAT, RequestKind.COMPLETION)
            .flatMap(kind -> fields(kind).stream())
            .distinct()
            .toList();
    return Arbitraries.maps(Arbitraries.of(names), Arbitraries.of(VALUES))
        .ofMinSize(1)
        .ofMaxSize(4);
  }
}
