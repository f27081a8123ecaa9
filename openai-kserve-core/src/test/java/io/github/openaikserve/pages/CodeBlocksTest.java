package io.github.openaikserve.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Java code of a page is part of a source that the build compiles. */
final class CodeBlocksTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final List<String> SOURCES = sources();

  static List<Page> pages() {
    return Page.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyJavaBlockIsCompiled(Page page) {
    List<String> unknown = new ArrayList<>();
    for (MatchResult block : JAVA.matcher(page.text()).results().toList()) {
      String code = withoutSpace(block.group(1));
      if (SOURCES.stream().noneMatch(source -> source.contains(code))) {
        unknown.add(block.group(1));
      }
    }
    assertThat(unknown).isEmpty();
  }

  private static List<String> sources() {
    try (Stream<Path> files = Files.walk(Page.ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .map(CodeBlocksTest::read)
          .map(CodeBlocksTest::withoutSpace)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
