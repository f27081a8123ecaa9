package io.github.openaikserve.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What pages name exists: classes and their members, error codes, metrics and headers. */
final class NamesTest {
  private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");
  private static final Pattern MEMBER =
      Pattern.compile("([A-Z][A-Za-z]*[a-z][A-Za-z]*)(?:\\.([a-z]\\w*|[A-Z_]{2,}))?(?:\\(.*\\))?");
  private static final Pattern HUMPS = Pattern.compile("(?:[A-Z][a-z0-9]+){2,}.*");
  private static final Pattern CODE = Pattern.compile("\\b[45]\\d\\d `([a-z]+(?:_[a-z]+)*)`");
  private static final Pattern METRIC =
      Pattern.compile("`((?:gen_ai|openai_kserve|http\\.server)[a-z_.]*[a-z])`");
  private static final Pattern HEADER = Pattern.compile("`(x-[a-z-]+[a-z])`");

  /** Names of other projects, which no source of this one has. */
  private static final Set<String> FOREIGN =
      Set.of(
          "HuggingFaceRuntime",
          "ModelReady",
          "SamplingParams",
          "ServerReady",
          "ServerMetadata",
          "ModelConfig",
          "RepositoryIndex",
          "ServingRuntime",
          "OpenAIEmbeddings",
          "ConfigMap",
          "HdrHistogram",
          "LatencyUtils",
          "EmbeddingModel",
          "MeterFilter",
          "InferenceService");

  private static final Pattern WORD = Pattern.compile("\\w+");

  private static Map<String, String> sources = new TreeMap<>();
  private static Set<String> words = new HashSet<>();
  private static Set<String> mainWords = new HashSet<>();
  private static String main = "";

  static List<Page> pages() {
    if (sources.isEmpty()) {
      readSources();
    }
    return Page.all().stream()
        .filter(page -> !page.file().endsWith("CHANGELOG.md"))
        .filter(page -> !page.file().toString().contains("interop/"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyClassAndMemberExists(Page page) {
    Set<String> missing = new TreeSet<>();
    for (MatchResult quoted : results(QUOTED, page.prose())) {
      var name = MEMBER.matcher(quoted.group(1));
      if (name.matches()
          && HUMPS.matcher(name.group(1)).matches()
          && !exists(name.group(1), name.group(2))) {
        missing.add(quoted.group(1));
      }
    }
    assertThat(missing).isEmpty();
  }

  private static boolean exists(String type, String member) {
    String source = sources.get(type);
    if (source == null) {
      return FOREIGN.contains(type) || words.contains(type);
    }
    return member == null
        || sources.values().stream()
            .filter(text -> text.equals(source) || text.contains("class " + type + "Builder"))
            .anyMatch(text -> words(text).contains(member))
        || sources.values().stream().anyMatch(text -> text.contains(" " + member + "("));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyErrorCodeIsOneThatTheCodeWrites(Page page) {
    Set<String> missing = new TreeSet<>();
    for (MatchResult code : results(CODE, page.prose())) {
      String name = code.group(1);
      if (!main.contains("\"" + name + "\"")
          && !mainWords.contains(name.toUpperCase(Locale.ROOT))) {
        missing.add(name);
      }
    }
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyMetricAndHeaderIsOneThatTheCodeWrites(Page page) {
    Set<String> missing = new TreeSet<>();
    for (MatchResult metric : results(METRIC, page.prose())) {
      String name = metric.group(1);
      String last = name.substring(name.lastIndexOf('.') + 1);
      if (!main.contains(name + "\"")
          && !main.contains("." + last + "\"")
          && !main.contains("\"" + last + "\"")) {
        missing.add(name);
      }
    }
    for (MatchResult header : results(HEADER, page.prose())) {
      String prefix = header.group(1).replaceFirst("-[a-z]+$", "");
      if (!main.contains(header.group(1)) && !main.contains("\"" + prefix + "-\"")) {
        missing.add(header.group(1));
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void thereAreSourcesToCompareWith() {
    pages();
    assertThat(sources).hasSizeGreaterThan(500).containsKey("OpenAiKServe");
  }

  private static List<MatchResult> results(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static void readSources() {
    var all = new StringBuilder();
    try (Stream<Path> files = Files.walk(Page.ROOT)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> !file.toString().contains("/pages/NamesTest"))
          .forEach(
              file -> {
                String text = read(file);
                sources.put(file.getFileName().toString().replace(".java", ""), text);
                if (file.toString().contains("/src/main/")) {
                  all.append(text);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    main = all.toString();
    mainWords = words(main);
    sources.values().forEach(text -> words.addAll(words(text)));
  }

  private static Set<String> words(String text) {
    return WORD.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
