package io.github.openaikserve.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GGUF's layout: {@code ggml-org/ggml}: {@code docs/gguf.md}. */
final class GgufTemplateTest {
  private static final int UINT32 = 4;
  private static final int INT32 = 5;
  private static final int FLOAT32 = 6;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final String TEMPLATE =
      "{{ bos_token }}{% for m in messages %}{{ m.content + eos_token }}{% endfor %}";

  @TempDir Path directory;

  @Test
  void theTemplateAndItsTokensAreReadFromTheHeader() throws IOException {
    Path file =
        gguf(
            header(4),
            entry("tokenizer.chat_template", STRING, string(TEMPLATE)),
            entry("tokenizer.ggml.bos_token_id", UINT32, int32(1)),
            entry("tokenizer.ggml.eos_token_id", UINT32, int32(2)),
            entry(
                "tokenizer.ggml.tokens",
                ARRAY,
                all(int32(STRING), int64(3), string("<unk>"), string("<s>"), string("</s>"))));

    ChatTemplate template = ChatTemplates.fromGguf(file);
    ChatPrompt prompt = template.render(hi());
    assertThat(prompt.text()).isEqualTo("Hi</s>");
    assertThat(prompt.stopSequences()).containsExactly("</s>");
    assertThat(ChatTemplates.includeBosToken(template).render(hi()).text()).isEqualTo("<s>Hi</s>");
  }

  @Test
  void controlTokensAreThoseOfTheirType() throws IOException {
    Path file =
        gguf(
            header(3),
            entry("tokenizer.chat_template", STRING, string("{{ messages[0].content }}")),
            entry(
                "tokenizer.ggml.token_type",
                ARRAY,
                all(int32(INT32), int64(3), int32(3), int32(1), int32(3))),
            entry(
                "tokenizer.ggml.tokens",
                ARRAY,
                all(int32(STRING), int64(3), string("[A]"), string("word"), string("~end~"))));

    assertThat(ChatTemplates.fromGguf(file).controlTokens())
        .containsExactlyInAnyOrder("[A]", "~end~");
  }

  @Test
  void idsMayStandBehindTheTokensAndOtherValuesAnywhere() throws IOException {
    Path file =
        gguf(
            header(7),
            entry("general.alignment", UINT32, int32(32)),
            entry("tokenizer.ggml.tokens", ARRAY, all(int32(STRING), int64(1), string("<s>"))),
            entry("tokenizer.ggml.scores", ARRAY, all(int32(FLOAT32), int64(1), int32(0))),
            entry("tokenizer.ggml.bos_token_id", UINT32, int32(0)),
            entry("tokenizer.ggml.add_bos_token", BOOL, new byte[] {0}),
            entry("tokenizer.chat_template", STRING, string("{{ bos_token }}plain")),
            entry("tokenizer.chat_template.tool_use", STRING, string("{{ tools }}")));

    assertThat(ChatTemplates.fromGguf(file).render(hi()).text()).isEqualTo("<s>plain");
  }

  @Test
  void aTemplateIsReadFromAStreamThatIsClosed() throws IOException {
    byte[] bytes =
        Files.readAllBytes(
            gguf(
                header(3),
                entry("tokenizer.chat_template", STRING, string("{{ eos_token }}plain")),
                entry("tokenizer.ggml.eos_token_id", UINT32, int32(1)),
                entry(
                    "tokenizer.ggml.tokens",
                    ARRAY,
                    all(int32(STRING), int64(2), string("a"), string("</s>")))));
    var closed = new AtomicBoolean();
    var stream =
        new ByteArrayInputStream(bytes) {
          @Override
          public void close() {
            closed.set(true);
          }
        };

    assertThat(ChatTemplates.fromGguf(stream).render(hi()).text()).isEqualTo("</s>plain");
    assertThat(closed).isTrue();
    assertThat(
            ChatTemplates.fromJinja(new ByteArrayInputStream("{{ 1 + 1 }}".getBytes(UTF_8)))
                .render(hi())
                .text())
        .isEqualTo("2");
    assertThat(
            ChatTemplates.fromTokenizerConfig(
                    new ByteArrayInputStream(
                        "{\"chat_template\":\"{{ bos_token }}x\",\"bos_token\":\"<s>\",\"add_bos_token\":false}"
                            .getBytes(UTF_8)))
                .render(hi())
                .text())
        .isEqualTo("<s>x");
  }

  @Test
  void aFileThatCannotBeReadIsUnchecked() {
    Path missing = Path.of("missing.gguf");

    assertThatThrownBy(() -> ChatTemplates.fromGguf(missing))
        .isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> ChatTemplates.fromJinja(missing))
        .isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> ChatTemplates.fromTokenizerConfig(missing))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aHeaderThatIsCutOffIsNamed() throws IOException {
    byte[] whole =
        all(header(1), entry("tokenizer.chat_template", STRING, string("{{ bos_token }}")));
    for (int length = 24; length < whole.length; length++) {
      Path file = gguf(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> ChatTemplates.fromGguf(file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("model.gguf");
    }
  }

  @Test
  void lengthsThatTheFileHasNoRoomForAreNotBelieved() throws IOException {
    Path file = gguf(header(1), int64(Long.MAX_VALUE), new byte[64]);

    assertThatThrownBy(() -> ChatTemplates.fromGguf(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is truncated");
  }

  @Test
  void arraysInArraysAreSkippedOneAfterTheOther() throws IOException {
    byte[] two = all(int32(ARRAY), int64(2), int32(UINT32), int64(1), int32(7));
    byte[] nested = all(two, int32(STRING), int64(2), string("a"), string("b"));
    Path file =
        gguf(
            header(2),
            entry("nested", ARRAY, nested),
            entry("tokenizer.chat_template", STRING, string("{{ messages[0].content }}")));

    assertThat(ChatTemplates.fromGguf(file).render(hi()).text()).isEqualTo("Hi");
  }

  @Test
  void arraysThatAreNestedWithoutEndAreRefused() throws IOException {
    byte[] level = all(int32(ARRAY), int64(1));
    byte[][] levels = new byte[10_000][];
    Arrays.fill(levels, level);
    Path file = gguf(header(1), entry("nested", ARRAY, all(levels)));

    assertThatThrownBy(() -> ChatTemplates.fromGguf(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nested");
  }

  @Test
  void aFileWithoutATemplateIsNamed() throws IOException {
    Path file = gguf(header(1), entry("general.architecture", STRING, string("llama")));

    assertThatThrownBy(() -> ChatTemplates.fromGguf(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.gguf")
        .hasMessageContaining("chat template");
  }

  @Test
  void aFileThatIsNotGgufIsNamedInTheError() throws IOException {
    Path file = gguf("PK and more than that".getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> ChatTemplates.fromGguf(file)).hasMessageContaining("GGUF");
  }

  @Test
  void aTemplateThatCannotBeReadNamesItsFile() throws IOException {
    Path file = gguf(header(1), entry("tokenizer.chat_template", STRING, string("{% if %}")));

    assertThatThrownBy(() -> ChatTemplates.fromGguf(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.gguf")
        .hasMessageContaining("line 1");
  }

  private static Conversation hi() {
    return new Conversation(List.of(ChatCompletionRequestMessage.user("Hi")));
  }

  private Path gguf(byte[]... pieces) throws IOException {
    return Files.write(directory.resolve("model.gguf"), all(pieces));
  }

  private static byte[] header(long entries) {
    byte[] magic = "GGUF".getBytes(StandardCharsets.US_ASCII);
    return all(magic, int32(3), int64(0), int64(entries));
  }

  private static byte[] entry(String key, int type, byte[] value) {
    return all(string(key), int32(type), value);
  }

  private static byte[] string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return all(int64(bytes.length), bytes);
  }

  private static byte[] int32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] int64(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  private static byte[] all(byte[]... pieces) {
    var all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }
}
