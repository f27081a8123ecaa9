package io.github.openaikserve.llamacpp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The small model in the jar, which is copied to a file because llama.cpp maps files. */
final class EmbeddedModel {
  private static final String RESOURCE = "/models/tiny-chat.gguf";

  private EmbeddedModel() {}

  /**
   * Writes {@code tiny-chat.gguf} into a temporary directory. When the JVM ends, it deletes both if
   * they still exist.
   */
  static Path extractTo(Path directory) throws IOException {
    try (InputStream model = EmbeddedModel.class.getResourceAsStream(RESOURCE)) {
      if (model == null) {
        throw new IOException("the embedded model is missing from the jar: " + RESOURCE);
      }
      Path file = directory.resolve("tiny-chat.gguf");
      Files.copy(model, file);
      directory.toFile().deleteOnExit();
      file.toFile().deleteOnExit(); // deleted before the directory, in reverse order
      return file;
    }
  }
}
