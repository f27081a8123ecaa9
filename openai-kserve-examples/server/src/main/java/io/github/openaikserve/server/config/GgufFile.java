package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Type;
import io.github.openaikserve.server.options.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that begins as GGUF files do. llama.cpp reads the rest.
 *
 * <p><b>Source:</b> ggml-org/ggml, docs/gguf.md.
 */
final class GgufFile implements Type<Path> {
  private static final String MAGIC = "GGUF";

  @Override
  public Path read(Value value) {
    Path file = value.file();
    String begin;
    try (InputStream in = Files.newInputStream(file)) {
      begin = new String(in.readNBytes(MAGIC.length()), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw value.wrong("cannot read " + file + ": " + e.getMessage());
    }
    if (!begin.equals(MAGIC)) {
      throw value.wrong(file + " is not a GGUF file: it does not begin with " + MAGIC);
    }
    return file;
  }

  @Override
  public String label() {
    return "FILE";
  }
}
