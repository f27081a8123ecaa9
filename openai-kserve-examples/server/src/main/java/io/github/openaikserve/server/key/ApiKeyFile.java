package io.github.openaikserve.server.key;

import io.github.openaikserve.server.file.BoundedFile;
import io.github.openaikserve.server.file.FileWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys in a file, read again when it changes. Thread-safe.
 *
 * <p>Each line is {@code sha256:} and the digest of a key in hexadecimal digits, then the name of
 * its owner and what the owner may do, as {@link ApiKey#parse} reads them; empty lines and those
 * that begin with {@code #} count for nothing. No key is in the file, so whoever gets to see it has
 * none: let keys be long and random. While a changed file cannot be used, the keys stay what they
 * were.
 */
public final class ApiKeyFile implements Supplier<List<ApiKey>>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ApiKeyFile.class);

  private final Path file;
  private final FileWatch watch;
  private volatile List<ApiKey> keys;

  private ApiKeyFile(Path file, Duration interval) throws IOException {
    String text = BoundedFile.read(file);
    this.file = file;
    this.keys = parse(text.lines().toList());
    this.watch = FileWatch.start(file, text, interval, this::replace);
  }

  /**
   * Reads the file, and looks for changes at an interval. A change is used once two checks in a row
   * have found it.
   *
   * @throws IOException if it cannot be read, a line is not as it should be, or there is no key
   */
  public static ApiKeyFile watch(Path file, Duration interval) throws IOException {
    return new ApiKeyFile(file, interval);
  }

  @Override
  public List<ApiKey> get() {
    return keys;
  }

  private void replace(String text) throws IOException {
    keys = parse(text.lines().toList());
    log.info("API keys reloaded file={} keys={}", file, keys.size());
  }

  private List<ApiKey> parse(List<String> lines) throws IOException {
    List<ApiKey> digests = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        digests.add(ApiKey.parse(line));
      } catch (IllegalArgumentException e) {
        throw new IOException("%s, line %d: %s".formatted(file, i + 1, e.getMessage()), e);
      }
    }
    if (digests.isEmpty()) {
      throw new IOException(file + ": there is no key");
    }
    return List.copyOf(digests);
  }

  @Override
  public void close() {
    watch.close();
  }
}
