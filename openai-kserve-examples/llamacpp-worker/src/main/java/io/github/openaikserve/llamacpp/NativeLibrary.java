package io.github.openaikserve.llamacpp;

import de.kherud.llama.LlamaModel;
import de.kherud.llama.args.LogFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads llama.cpp once per process, without output.
 *
 * <p>llama.cpp's loader unpacks the library under a fixed name, so two processes with the same
 * directory would overwrite each other's file. Each process therefore has a separate directory.
 */
final class NativeLibrary {
  private static final Logger log = LoggerFactory.getLogger("llama.cpp");
  private static boolean loaded;

  private NativeLibrary() {}

  static synchronized void load() {
    if (loaded) {
      return;
    }
    try {
      Path directory = Files.createTempDirectory("openai-kserve-llama");
      directory.toFile().deleteOnExit();
      System.setProperty("de.kherud.llama.tmpdir", directory.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot create a temporary directory for the native library", e);
    }
    PrintStream out = System.out;
    // The loader prints to standard output, and has no option to turn that off.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      LlamaModel.setLogger(LogFormat.TEXT, (level, text) -> log.debug("{}", text.strip()));
    } finally {
      System.setOut(out);
    }
    loaded = true;
  }
}
