package io.github.openaikserve.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown page of the project.
 *
 * @param file relative to the root of the project, such as {@code README.md}
 * @param text the whole page
 */
record Page(Path file, String text) {
  /** The root of the project, as tests see it. */
  static final Path ROOT = Path.of("..");

  private static final Set<String> NOT_OURS =
      Set.of("target", "node_modules", ".git", ".mvn", "venv", ".venv");
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```+ *$");
  private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");

  /** Returns every page, sorted by its path. */
  static List<Page> all() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .map(ROOT::relativize)
          .filter(file -> Stream.of(file.toString().split("/")).noneMatch(NOT_OURS::contains))
          .sorted()
          .map(Page::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a page of the project. */
  static Page read(Path file) {
    try {
      return new Page(file, Files.readString(ROOT.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the text without code blocks and comments. */
  String prose() {
    return COMMENT.matcher(CODE_BLOCK.matcher(text).replaceAll("")).replaceAll("");
  }

  /** Returns the anchors of the headings, as GitHub makes them. */
  List<String> anchors() {
    List<String> anchors = new ArrayList<>();
    HEADING
        .matcher(prose())
        .results()
        .map(heading -> anchor(heading.group(1)))
        .forEach(
            anchor -> {
              long same = anchors.stream().filter(a -> a.matches(anchor + "(-\\d+)?")).count();
              anchors.add(same == 0 ? anchor : anchor + "-" + same);
            });
    return anchors;
  }

  private static String anchor(String heading) {
    return heading
        .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
