package io.github.openaikserve.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Profiles, modules, tests and scripts in commands of pages exist. */
final class MavenCommandsTest {
  private static final Pattern COMMAND = Pattern.compile("\\./mvnw [^`\n]*");
  private static final Pattern PROFILE = Pattern.compile(" -P([a-z-]+)");
  private static final Pattern MODULE = Pattern.compile(" -pl ([^ `]+)");
  private static final Pattern TEST = Pattern.compile(" -Dtest='?([A-Za-z0-9*,]+)");
  private static final Pattern SCRIPT =
      Pattern.compile("(?m)(?<![\\w/])(\\.ci/[a-z]+|openai-kserve-[a-z-]+/[a-z/]+/run)\\b");

  private static final String POMS = content("pom.xml");
  private static final Set<String> CLASSES = classes();

  static List<Page> pages() {
    return Page.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void whatACommandNamesExists(Page page) {
    Set<String> missing = new TreeSet<>();
    for (String command : found(COMMAND, page.text(), 0)) {
      found(PROFILE, command, 1).stream()
          .filter(profile -> !POMS.contains("<id>" + profile + "</id>"))
          .forEach(missing::add);
      found(MODULE, command, 1).stream()
          .flatMap(modules -> Stream.of(modules.split(",")))
          .filter(module -> !isModule(module))
          .forEach(missing::add);
      found(TEST, command, 1).stream()
          .flatMap(tests -> Stream.of(tests.split(",")))
          .filter(test -> CLASSES.stream().noneMatch(name -> name.matches(test.replace("*", ".*"))))
          .forEach(missing::add);
    }
    found(SCRIPT, page.text(), 1).stream()
        .filter(script -> !Files.isExecutable(Page.ROOT.resolve(script)))
        .forEach(missing::add);
    assertThat(missing).isEmpty();
  }

  @Test
  void thereAreCommandsToCheck() {
    assertThat(pages().stream().flatMap(page -> found(COMMAND, page.text(), 0).stream()))
        .hasSizeGreaterThan(15);
  }

  private static boolean isModule(String module) {
    return module.startsWith(":")
        ? POMS.contains("<artifactId>" + module.substring(1) + "</artifactId>")
        : Files.exists(Page.ROOT.resolve(module).resolve("pom.xml"));
  }

  private static List<String> found(Pattern pattern, String text, int group) {
    return pattern.matcher(text).results().map(match -> match.group(group)).toList();
  }

  private static String content(String name) {
    try (Stream<Path> files = Files.walk(Page.ROOT)) {
      return files
          .filter(file -> file.endsWith(name) && !file.toString().contains("/target/"))
          .map(MavenCommandsTest::read)
          .collect(Collectors.joining());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> classes() {
    try (Stream<Path> files = Files.walk(Page.ROOT)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.replace(".java", ""))
          .collect(Collectors.toSet());
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
}
