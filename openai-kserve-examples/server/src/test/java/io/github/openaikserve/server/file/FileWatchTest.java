package io.github.openaikserve.server.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A watch uses stable texts only, and survives every exception. */
final class FileWatchTest {
  private final List<String> used = new ArrayList<>();
  private String content = "old";
  private Throwable onRead = new IllegalStateException("unset");
  private Throwable onUse = new IllegalStateException("unset");
  private int failingReads;
  private int failingUses;

  private final FileWatch watch = FileWatch.manual(Path.of("keys"), this::read, "old", this::use);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @AfterEach
  void end() {
    watch.close();
  }

  private String read() throws IOException {
    if (failingReads > 0) {
      failingReads--;
      throw raised(onRead);
    }
    return content;
  }

  private void use(String text) throws IOException {
    if (failingUses > 0) {
      failingUses--;
      throw raised(onUse);
    }
    used.add(text);
  }

  private static IOException raised(Throwable failure) throws IOException {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    throw (IOException) failure;
  }

  @Test
  void aChangedTextIsUsedAfterTwoEqualReads() {
    content = "half";
    watch.check();
    content = "whole";
    watch.check();
    assertThat(used).isEmpty();

    watch.check();
    watch.check();

    assertThat(used).containsExactly("whole");
  }

  @Test
  void aTextThatChangesBackIsNotAChange() {
    content = "half";
    watch.check();
    content = "old";
    watch.check();
    content = "half";
    watch.check();

    assertThat(used).isEmpty();
  }

  @Test
  void aMissingFileIsLoggedOnceUntilItExistsAgain() {
    var log = (Logger) LoggerFactory.getLogger(FileWatch.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    log.addAppender(lines);
    log.setLevel(Level.WARN);
    try {
      for (int times = 1; times <= 2; times++) {
        onRead = new NoSuchFileException("keys");
        failingReads = 10;
        while (failingReads > 0) {
          watch.check();
        }
        assertThat(lines.list).hasSize(times);
        watch.check(); // it exists again, unchanged
      }
    } finally {
      log.detachAppender(lines);
      log.setLevel(null);
    }
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsOnly(
            "changed file not usable, previous version remains in use file=keys"
                + " reason=\"java.nio.file.NoSuchFileException: keys\"");
  }

  static List<Throwable> failures() {
    return List.of(
        new OutOfMemoryError("test"),
        new StackOverflowError(),
        new LinkageError("test"),
        new IllegalStateException("test"),
        new IOException("test"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theWatchSurvivesExceptionsOfReading(Throwable failure) {
    onRead = failure;
    failingReads = 3;
    content = "new";

    for (int i = 0; i < 5; i++) {
      watch.check();
    }

    assertThat(used).containsExactly("new");
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theWatchSurvivesExceptionsOfUsingTheText(Throwable failure) {
    onUse = failure;
    failingUses = 1;
    content = "new";
    watch.check();
    watch.check();
    assertThat(used).isEmpty();
    content = failure instanceof IOException ? "newer" : "new";

    watch.check();
    watch.check();

    // An unusable text is not tried again; other exceptions do not concern the text.
    assertThat(used).containsExactly(content);
  }

  @ParameterizedTest
  @ValueSource(ints = {BoundedFile.MAX_BYTES + 1, 2 * BoundedFile.MAX_BYTES})
  void aFileThatIsTooLargeIsNotRead(int size) throws IOException {
    Path file = Files.write(directory.resolve("large"), new byte[size]);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> BoundedFile.read(file))
        .withMessage(file + " is larger than 1048576 bytes");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anEndlessFileIsNotRead() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> BoundedFile.read(Path.of("/dev/zero")))
        .withMessageContaining("is larger than");
  }

  @Test
  void aFileThatIsNotUtf8IsNotRead() throws IOException {
    Path file = Files.write(directory.resolve("latin"), new byte[] {'a', (byte) 0xe4});

    assertThatExceptionOfType(CharacterCodingException.class)
        .isThrownBy(() -> BoundedFile.read(file));
  }
}
