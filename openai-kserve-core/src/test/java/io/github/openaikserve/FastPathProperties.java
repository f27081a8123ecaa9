package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.text.Pieces;
import io.github.openaikserve.internal.json.JsonLimits;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.json.write.AnswerWriter;
import io.github.openaikserve.internal.json.write.MessageWriter;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Text takes shortcuts to server-sent events and to whole answers. The chunks that a Java caller
 * gets take none: what they say is what the others must say.
 */
final class FastPathProperties {
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]";

  @Property(tries = 600)
  void theEventsOfAChatAreItsChunks(
      @ForAll("answers") byte[] answer,
      @ForAll List<Integer> cuts,
      @ForAll("wishes") String wishes,
      @ForAll boolean fails)
      throws IOException {
    OpenAiKServe openai = openai(answer, cuts, fails);
    byte[] body =
        "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}"
            .formatted(wishes)
            .getBytes(StandardCharsets.UTF_8);
    var expected = new ByteArrayOutputStream();
    List<ChatCompletionChunk> chunks = new ArrayList<>();
    boolean failed = false;
    try (var stream =
        openai.chatCompletions().stream(new RequestJson(JsonLimits.DEFAULT).chat(body).request())) {
      for (ChatCompletionChunk chunk : stream) {
        chunks.add(chunk);
      }
    } catch (BackendException e) {
      failed = true;
    }
    for (ChatCompletionChunk chunk : chunks) {
      event(
          AnswerWriter.write(chunk, wishes.contains("include_usage"), ReasoningFields.BOTH),
          expected);
    }

    assertEvents(openai, "/v1/chat/completions", body, expected, failed);
  }

  @Property(tries = 300)
  void theEventsOfACompletionAreItsPieces(
      @ForAll("answers") byte[] answer,
      @ForAll List<Integer> cuts,
      @ForAll("completionWishes") String wishes)
      throws IOException {
    OpenAiKServe openai = openai(answer, cuts, false);
    byte[] body =
        "{\"stream\":true,\"prompt\":\"Hi\"%s}".formatted(wishes).getBytes(StandardCharsets.UTF_8);
    var expected = new ByteArrayOutputStream();
    try (var stream =
        openai.completions().stream(new RequestJson(JsonLimits.DEFAULT).completion(body))) {
      for (Completion piece : stream) {
        event(AnswerWriter.writeChunk(piece, wishes.contains("include_usage")), expected);
      }
    }

    assertEvents(openai, "/v1/completions", body, expected, false);
  }

  @Property(tries = 300)
  void theEventsOfAMessageAreThoseInJava(
      @ForAll("answers") byte[] answer,
      @ForAll List<Integer> cuts,
      @ForAll("messageWishes") String wishes)
      throws IOException {
    OpenAiKServe openai = openai(answer, cuts, false);
    byte[] body =
        "{\"stream\":true,\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}"
            .formatted(wishes)
            .getBytes(StandardCharsets.UTF_8);
    var expected = new ByteArrayOutputStream();
    boolean failed = false;
    try (var stream = openai.messages().stream(new RequestJson(JsonLimits.DEFAULT).message(body))) {
      for (MessageStreamEvent event : stream) {
        expected.write("event: %s\n".formatted(event.type()).getBytes(StandardCharsets.US_ASCII));
        event(MessageWriter.write(event), expected);
      }
    } catch (InvalidAnswerException e) { // a call that is not one
      failed = true;
    }

    ApiResponse response =
        openai.httpHandler().handle(new ApiRequest("POST", "/v1/messages", Map.of(), body)).join();
    var written = new ByteArrayOutputStream();
    response.body().writeTo(written);
    if (response.status() != 200) {
      assertThat(expected.size()).isZero();
    } else if (failed) {
      assertThat(written.toString(StandardCharsets.UTF_8))
          .startsWith(expected.toString(StandardCharsets.UTF_8) + "event: error\n");
    } else {
      assertThat(written.toString(StandardCharsets.UTF_8))
          .isEqualTo(expected.toString(StandardCharsets.UTF_8));
    }
  }

  @Property(tries = 300)
  void aWholeAnswerIsItsChunksTogether(
      @ForAll("answers") byte[] answer, @ForAll List<Integer> cuts) {
    OpenAiKServe openai = openai(answer, cuts, false);

    ChatCompletion whole = openai.chatCompletions().create(r -> r.user("Hi"));

    List<ChatCompletionChunk.Choice> choices =
        openai.chatCompletions().stream(r -> r.user("Hi"))
            .asStream()
            .flatMap(chunk -> chunk.choices().stream())
            .toList();
    assertThat(whole.text())
        .isEqualTo(
            choices.stream()
                .map(choice -> choice.delta().content())
                .filter(text -> text != null)
                .collect(Collectors.joining()));
    assertThat(whole.choices().get(0).finishReason())
        .isEqualTo(choices.get(choices.size() - 1).finishReason());
  }

  private static void assertEvents(
      OpenAiKServe openai,
      String path,
      byte[] body,
      ByteArrayOutputStream expected,
      boolean failedLater)
      throws IOException {
    ApiResponse response =
        openai
            .httpHandler()
            .handle(new ApiRequest("POST", path, Map.of(), body))
            .toCompletableFuture()
            .join();
    var written = new ByteArrayOutputStream();
    response.body().writeTo(written);
    String events = written.toString(StandardCharsets.UTF_8);
    if (response.status() != 200) {
      assertThat(expected.size()).isZero();
    } else if (failedLater) {
      assertThat(events)
          .startsWith(
              expected.toString(StandardCharsets.UTF_8) + "event: error\ndata: {\"error\":");
    } else {
      event("[DONE]".getBytes(StandardCharsets.US_ASCII), expected);
      assertThat(events).isEqualTo(expected.toString(StandardCharsets.UTF_8));
    }
  }

  private static void event(byte[] json, ByteArrayOutputStream to) throws IOException {
    to.write("data: ".getBytes(StandardCharsets.US_ASCII));
    to.write(json);
    to.write("\n\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static OpenAiKServe openai(byte[] answer, List<Integer> cuts, boolean fails) {
    List<InferResponse> tokens =
        Pieces.of(answer, cuts).stream()
            .map(
                bytes ->
                    InferResponse.of(
                        Tensor.of("token", new long[] {1}, List.of(ByteBuffer.wrap(bytes))),
                        Tensor.text("finish_reason", bytes.length % 2 == 0 ? "null" : "")))
            .toList();
    ScriptedResponse reply = ScriptedResponse.of(tokens);
    return OpenAiKServe.builder(
            FakeBackend.answering(
                call ->
                    fails
                        ? reply.thenFails(new BackendException(BackendCode.INTERNAL, "broken"))
                        : reply))
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .chatTemplate(ChatTemplates.CHATML)
                    .reasoningFormat(ReasoningFormats.THINK))
        .ids(() -> "same")
        .clock(InstantSource.fixed(Instant.EPOCH))
        .build();
  }

  @Provide
  Arbitrary<byte[]> answers() {
    Arbitrary<byte[]> texts =
        Arbitraries.of(
                "a",
                " tok",
                "b",
                "\"",
                "\\",
                "\n",
                "\t",
                "\u0001",
                "\u007f",
                "\u0085",
                "\u2028",
                "\u00e9",
                "\u20ac",
                "\uD83E\uDD8A",
                "\ufffd",
                "END",
                "EN",
                "<think>",
                "</think>",
                "<tool_call>",
                "{\"name\": \"f\", \"arguments\": {\"x\": 1}}",
                "</tool_call>")
            .list()
            .ofMaxSize(20)
            .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
    return Arbitraries.oneOf(texts, texts, Arbitraries.bytes().array(byte[].class).ofMaxSize(20));
  }

  @Provide
  Arbitrary<String> wishes() {
    return Arbitraries.of(
        "",
        "",
        ",\"stop\":[\"END\",\"\\n\"]",
        ",\"stop\":[\"\u20ac\"]",
        ",\"stream_options\":{\"include_usage\":true}",
        ",\"n\":2",
        ",\"max_tokens\":3",
        TOOLS,
        TOOLS + ",\"n\":3");
  }

  @Provide
  Arbitrary<String> messageWishes() {
    return Arbitraries.of(
        "",
        ",\"stop_sequences\":[\"END\",\"\\n\"]",
        ",\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"}",
        ",\"tools\":[{\"name\":\"f\",\"input_schema\":{}}]");
  }

  @Provide
  Arbitrary<String> completionWishes() {
    return Arbitraries.of(
        "",
        ",\"echo\":true",
        ",\"n\":2,\"echo\":true",
        ",\"stop\":[\"b\"]",
        ",\"stream_options\":{\"include_usage\":true}",
        ",\"max_tokens\":2");
  }
}
