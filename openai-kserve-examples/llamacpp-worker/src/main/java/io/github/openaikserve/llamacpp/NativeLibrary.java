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
 * Loads llama.cpp once in a process, silently.
 *
 * <p>Its loader unpacks the library under a fixed name, so that two processes with one directory
 * would overwrite each other's: this one gets a directory of its own.
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
      throw new UncheckedIOException("no place for the native library", e);
    }
    PrintStream out = System.out;
    // The loader tells standard output where it unpacked to; there is no switch for it.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      LlamaModel.setLogger(LogFormat.TEXT, (level, text) -> log.debug("{}", text.strip()));
    } finally {
      System.setOut(out);
    }
    loaded = true;
  }
}
