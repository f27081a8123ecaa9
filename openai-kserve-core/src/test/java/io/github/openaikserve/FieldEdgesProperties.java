package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.servers.ValidatingServer;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    for (RequestKind kind : List.of(RequestKind.CHAT, RequestKind.COMPLETION)) {
      for (String field : fields(kind)) {
        for (String value : VALUES) {
          check(server, kind, Map.of(field, value));
        }
      }
    }
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
    Map<String, String> body = new LinkedHashMap<>(fields);
    boolean chat = kind == RequestKind.CHAT;
    body.put(
        chat ? "messages" : "prompt", chat ? "[{\"role\":\"user\",\"content\":\"Hi\"}]" : "\"Hi\"");
    String text =
        body.entrySet().stream()
            .map(field -> "\"%s\":%s".formatted(field.getKey(), field.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
    ApiResponse response =
        Objects.requireNonNull(HANDLERS.get(server))
            .handle(Requests.post(chat ? "/v1/chat/completions" : "/v1/completions", text))
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
