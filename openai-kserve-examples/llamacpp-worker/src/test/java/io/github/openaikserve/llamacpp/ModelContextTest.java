package io.github.openaikserve.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How large a context is unless it is set. */
final class ModelContextTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  /** A GGUF header; the weights are missing. */
  private static final class Header {
    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private int count;

    Header number(String key, long value) {
      return entry(key, 4, little(value, 4));
    }

    Header entry(String key, int type, byte[] value) {
      entries.writeBytes(little(key.length(), 8));
      entries.writeBytes(key.getBytes(StandardCharsets.UTF_8));
      entries.writeBytes(little(type, 4));
      entries.writeBytes(value);
      count++;
      return this;
    }

    byte[] bytes() {
      var all = new ByteArrayOutputStream();
      all.writeBytes("GGUF".getBytes(StandardCharsets.UTF_8));
      all.writeBytes(little(3, 4));
      all.writeBytes(little(0, 8));
      all.writeBytes(little(count, 8));
      all.writeBytes(entries.toByteArray());
      return all.toByteArray();
    }

    static byte[] little(long value, int length) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (value >> (8 * i));
      }
      return bytes;
    }
  }

  private ModelContext read(byte[] file) throws IOException {
    return ModelContext.of(Files.write(directory.resolve("m.gguf"), file));
  }

  private static Header model(long context) {
    return new Header()
        .entry("general.name", 8, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 'x'})
        .entry(
            "tokenizer.ggml.scores",
            9,
            new byte[] {6, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8})
        .number("qwen2.context_length", context)
        .number("qwen2.embedding_length", 896)
        .number("qwen2.block_count", 24)
        .number("qwen2.attention.head_count", 14)
        .number("qwen2.attention.head_count_kv", 2);
  }

  @Test
  void theDefaultContextIsTheTrainingContext() throws IOException {
    assertThat(read(model(8192).bytes()).size(4)).isEqualTo(8192);
  }

  @Test
  void itTakesABoundedPartOfTheMemory() throws IOException {
    ModelContext context = read(model(1 << 20).bytes());
    long perToken = 24 * 2 * 128 * 2 + 14 * 512 * 4;

    assertThat(context.bytesPerToken()).isEqualTo(perToken);
    assertThat(context.size(4)).isEqualTo((int) (ModelContext.MEMORY / perToken / 4 / 256 * 256));
    assertThat(context.size(1)).isGreaterThan(context.size(4));
    assertThat((long) context.size(4) * 4 * perToken).isLessThanOrEqualTo(ModelContext.MEMORY);
  }

  @Test
  void aModelThatDoesNotSayGetsAUsualOne() throws IOException {
    assertThat(read(new Header().bytes()).size(4)).isEqualTo(4096);
    assertThat(read(new Header().number("llama.context_length", 100_000).bytes()).size(4))
        .isEqualTo(4096);
    assertThat(read(new byte[] {1, 2}).size(4)).isEqualTo(4096);
  }

  @Test
  void theEmbeddedModelHasItsOwn() throws IOException {
    assertThat(ModelContext.of(EmbeddedModel.extractTo(directory)).size(4)).isEqualTo(1024);
  }
}
