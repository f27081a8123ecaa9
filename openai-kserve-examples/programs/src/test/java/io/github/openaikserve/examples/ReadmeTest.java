package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code in the README is compiled, and its commands work. */
final class ReadmeTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CURL =
      Pattern.compile("^curl http://localhost:8080(\\S+)(?: -d '(.*)')?$", Pattern.MULTILINE);

  @Test
  void everyJavaBlockIsCompiled() throws IOException {
    String compiled =
        withoutSpace(
            Files.readString(
                Path.of("src/main/java/io/github/openaikserve/examples/ReadmeExample.java")));
    List<MatchResult> blocks = JAVA.matcher(readme()).results().toList();

    assertThat(blocks).hasSize(2);
    for (MatchResult block : blocks) {
      assertThat(compiled).contains(withoutSpace(block.group(1)));
    }
  }

  @Test
  void everyCurlLineWorks() throws Exception {
    List<MatchResult> lines = CURL.matcher(readme()).results().toList();
    assertThat(lines).hasSize(9);

    try (var service = new RunningService()) {
      for (MatchResult line : lines) {
        HttpRequest.Builder request =
            HttpRequest.newBuilder(URI.create(service.url() + line.group(1)));
        if (line.group(2) != null) {
          request
              .header("content-type", "application/x-www-form-urlencoded") // as curl sends it
              .POST(HttpRequest.BodyPublishers.ofString(line.group(2)));
        }
        HttpResponse<String> response =
            HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(line.group()).isEqualTo(200);
        assertThat(response.body()).doesNotContain("\"error\":{");
      }
    }
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(readme().lines().count()).isLessThan(100);
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("..", "..", "README.md"));
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
