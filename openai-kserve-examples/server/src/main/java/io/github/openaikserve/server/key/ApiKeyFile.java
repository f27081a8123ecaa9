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
 * The API keys of a file, reloaded when it changes. Thread-safe.
 *
 * <p>Each line has {@code sha256:} and the digest of a key in hexadecimal digits, then the name,
 * the scopes and the limits of its owner, as {@link ApiKey#parse} reads them. Empty lines and lines
 * that begin with {@code #} are ignored. The file has digests only, so reading it reveals no key
 * that is long and random. If a changed file is invalid, the previous keys remain in use.
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
   * Reads the file, and checks it for changes at an interval. A change is applied after two checks
   * in a row have found it.
   *
   * @throws IOException if the file cannot be read, has an invalid line, or has no key
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
      throw new IOException(file + ": the file has no key; add a line from --hash-api-key");
    }
    return List.copyOf(digests);
  }

  @Override
  public void close() {
    watch.close();
  }
}
