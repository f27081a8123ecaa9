package io.github.openaikserve.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The curl commands of pages call paths that are served, with JSON that can be read. */
final class CurlTest {
  private static final Pattern CURL = Pattern.compile("(?m)^(?:\\$ )?curl .*$");
  private static final Pattern PATH = Pattern.compile("localhost:8080(/[^ ]*)");
  private static final Pattern BODY = Pattern.compile(" -d '(.*?)'(?: |$)");
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<Page> pages() {
    return Page.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyCommandCallsAPathThatIsServed(Page page) throws IOException {
    List<String> unknown = new ArrayList<>();
    for (String command : commands(page)) {
      Matcher path = PATH.matcher(command);
      if (path.find() && !isServed(path.group(1), posts(command) ? "post" : "get")) {
        unknown.add(command);
      }
    }
    assertThat(unknown).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyBodyIsJson(Page page) throws IOException {
    for (String command : commands(page)) {
      Matcher body = BODY.matcher(command);
      if (body.find()) {
        assertThat(JSON.readTree(body.group(1)).isObject()).as(command).isTrue();
      }
    }
  }

  @Test
  void thereAreCommandsToCheck() {
    assertThat(pages().stream().flatMap(page -> commands(page).stream())).hasSizeGreaterThan(15);
  }

  private static List<String> commands(Page page) {
    String joined = page.text().replaceAll("\\\\\n\\s*", "");
    return CURL.matcher(joined).results().map(MatchResult::group).toList();
  }

  private static boolean posts(String command) {
    return command.contains(" -d '") || command.contains(" -F ") || command.contains("-X POST");
  }

  private static boolean isServed(String path, String method) throws IOException {
    for (Map.Entry<String, JsonNode> entry : paths().properties()) {
      if (path.matches(entry.getKey().replaceAll("\\{[^}]*}", "[^/]+"))) {
        return entry.getValue().has(method);
      }
    }
    return false;
  }

  private static JsonNode paths() throws IOException {
    try (InputStream document =
        CurlTest.class.getResourceAsStream("/io/github/openaikserve/internal/http/openapi.json")) {
      return JSON.readTree(Objects.requireNonNull(document)).get("paths");
    }
  }
}
