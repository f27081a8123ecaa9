package io.github.openaikserve.internal.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same templates rendered here and by jinja2 in Python, where that is installed: every template
 * of the library and of the tests, with every conversation, and the snippets of {@link
 * JinjaTemplateTest}, which needs no Python.
 */
final class JinjaDifferentialTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final Path TEMPLATES = Path.of("src/main/resources/io/github/openaikserve/chat");

  /** What chat templates have no use for: FORMATS.md has the list. */
  private static final Set<String> UNSUPPORTED = Set.of("{% autoescape true");

  private final Map<String, JinjaTemplate> parsed = new HashMap<>();
  @TempDir private Path directory;

  /** A template and its variables. */
  private record RenderContext(String source, Map<String, Object> context) {}

  @Test
  void allTemplatesAreRenderedAsByPython() throws Exception {
    assumeTrue(isInstalled(), "Python with jinja2");
    List<RenderContext> all = new ArrayList<>(snippets());
    List<Map<String, Object>> conversations = conversations();
    for (String source : templates()) {
      conversations.forEach(conversation -> all.add(new RenderContext(source, conversation)));
    }
    List<String> python = python(all);

    List<String> differences = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      String here = here(all.get(i));
      JsonNode there = JSON.readTree(python.get(i));
      if (there.isNull() ? here != null : !there.textValue().equals(here)) {
        String source = all.get(i).source();
        differences.add(
            "%s%n  here   %s%n  python %s"
                .formatted(source.substring(0, Math.min(300, source.length())), here, there));
      }
    }
    assertThat(all).hasSizeGreaterThan(400);
    assertThat(differences).isEmpty();
  }

  static boolean isSupported(String source) {
    return UNSUPPORTED.stream().noneMatch(source::contains);
  }

  private @Nullable String here(RenderContext rendering) {
    try {
      return parsed
          .computeIfAbsent(rendering.source(), JinjaTemplate::parse)
          .render(rendering.context(), () -> LocalDateTime.of(2025, 1, 2, 0, 0));
    } catch (JinjaException e) {
      return null;
    }
  }

  private static List<RenderContext> snippets() throws IOException {
    List<RenderContext> snippets = new ArrayList<>();
    for (JsonNode snippet : JSON.readTree(RESOURCES.resolve("jinja/differential.json").toFile())) {
      String source = snippet.get(0).asText();
      if (isSupported(source)) {
        snippets.add(new RenderContext(source, Map.of()));
      }
    }
    for (String file : List.of("expected.json", "more.json")) {
      JsonNode expected = JSON.readTree(RESOURCES.resolve("jinja").resolve(file).toFile());
      Map<String, Object> context = map(expected.get("ctx"));
      expected
          .get("snippets")
          .forEach(snippet -> snippets.add(new RenderContext(snippet.get(1).asText(), context)));
    }
    return snippets;
  }

  private static List<String> templates() throws IOException {
    List<String> sources = new ArrayList<>();
    for (Path directory : List.of(TEMPLATES, RESOURCES)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".jinja")).sorted().toList()) {
          sources.add(Files.readString(file));
        }
      }
    }
    JSON.readTree(RESOURCES.resolve("jinja/expected.json").toFile())
        .get("templates")
        .forEach(template -> sources.add(template.get("src").asText()));
    return sources;
  }

  private static List<Map<String, Object>> conversations() throws IOException {
    List<Map<String, Object>> conversations = new ArrayList<>();
    JSON.readTree(RESOURCES.resolve("jinja/expected.json").toFile())
        .get("sets")
        .forEach(set -> conversations.add(map(set)));
    try (Stream<Path> cases = Files.list(RESOURCES.resolve("chat-templates/cases"))) {
      for (Path file : cases.sorted().toList()) {
        Map<String, Object> conversation = new LinkedHashMap<>(map(JSON.readTree(file.toFile())));
        conversation.putIfAbsent("add_generation_prompt", true);
        conversation.putIfAbsent("bos_token", "<s>");
        conversation.putIfAbsent("eos_token", "</s>");
        conversations.add(conversation);
      }
    }
    return conversations;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(JsonNode node) {
    return JSON.convertValue(node, Map.class);
  }

  private static boolean isInstalled() throws InterruptedException {
    try {
      return new ProcessBuilder(
                  "python3", "-c", "import jinja2; assert jinja2.__version__ >= '3.1'")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private List<String> python(List<RenderContext> all) throws IOException, InterruptedException {
    Path in = directory.resolve("in.jsonl");
    Path out = directory.resolve("out.jsonl");
    var lines = new StringBuilder();
    for (RenderContext rendering : all) {
      lines.append(JSON.writeValueAsString(List.of(rendering.source(), rendering.context())));
      lines.append('\n');
    }
    Files.writeString(in, lines, StandardCharsets.UTF_8);
    String script = new File("src/test/resources/jinja/differential.py").getPath();
    Process python =
        new ProcessBuilder("python3", script)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(python.waitFor()).isZero();
    return Files.readAllLines(out);
  }
}
