package io.github.openaikserve.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links of pages lead to files and headings that exist, and every page is reached by links. */
final class LinksTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern NEXT = Pattern.compile("Next: \\[[^]]*]\\(([^)]+)\\)");
  private static final Pattern PREVIOUS = Pattern.compile("Previous: \\[[^]]*]\\(([^)]+)\\)");
  private static final Pattern ABSOLUTE = Pattern.compile("[a-z]+:.*");

  static List<Page> pages() {
    return Page.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsToAFileAndAHeadingThatExist(Page page) {
    List<String> broken = new ArrayList<>();
    for (String link : links(page)) {
      Path target = target(page, link);
      String anchor = link.contains("#") ? link.substring(link.indexOf('#') + 1) : "";
      if (!Files.exists(Page.ROOT.resolve(target))) {
        broken.add(link + " (no such file)");
      } else if (!anchor.isEmpty() && !Page.read(target).anchors().contains(anchor)) {
        broken.add(link + " (no such heading)");
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyPageIsReachedFromTheReadme() {
    Map<Path, Page> pages =
        Page.all().stream().collect(Collectors.toMap(Page::file, Function.identity()));
    var reached = new TreeSet<Path>();
    Deque<Path> next = new ArrayDeque<>(List.of(Path.of("README.md")));
    while (!next.isEmpty()) {
      Path file = next.remove();
      if (reached.add(file)) {
        Page page = Objects.requireNonNull(pages.get(file));
        links(page).stream()
            .map(link -> page(target(page, link)))
            .filter(pages::containsKey)
            .forEach(next::add);
      }
    }
    assertThat(reached)
        .containsAll(
            pages.keySet().stream()
                .filter(file -> !file.toString().contains("/src/test/resources/"))
                .toList());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyPageOfTheManualLinksBackToTheListOfPages(Page page) {
    if (page.file().toString().contains("/docs/")) {
      assertThat(links(page))
          .filteredOn(link -> link.endsWith("README.md#documentation"))
          .hasSize(1);
    }
  }

  @Test
  void theNextPageHasThisOneAsItsPrevious() {
    Map<Path, Path> next = new TreeMap<>();
    Map<Path, Path> previous = new TreeMap<>();
    for (Page page : Page.all()) {
      NEXT.matcher(page.prose())
          .results()
          .forEach(link -> next.put(page.file(), target(page, link.group(1))));
      PREVIOUS
          .matcher(page.prose())
          .results()
          .forEach(link -> previous.put(target(page, link.group(1)), page.file()));
    }
    assertThat(next).hasSizeGreaterThan(15).containsExactlyInAnyOrderEntriesOf(previous);
  }

  private static List<String> links(Page page) {
    return LINK.matcher(page.prose())
        .results()
        .map(link -> link.group(1))
        .filter(link -> !ABSOLUTE.matcher(link).matches())
        .toList();
  }

  private static Path target(Page page, String link) {
    String path = link.contains("#") ? link.substring(0, link.indexOf('#')) : link;
    return path.isEmpty() ? page.file() : page.file().resolveSibling(path).normalize();
  }

  /** Returns the page that GitHub shows for a folder. */
  private static Path page(Path target) {
    return Files.isDirectory(Page.ROOT.resolve(target)) ? target.resolve("README.md") : target;
  }
}
