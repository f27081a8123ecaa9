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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code, commands, output and versions of the README are true. */
final class ReadmeTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CURL =
      Pattern.compile(
          "^(?:\\$ )?curl (?:-N )?http://localhost:8080(\\S+)(?: -d '(.*)')?$", Pattern.MULTILINE);

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
    assertThat(lines).hasSize(10);

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
  void theAnswerInTheTerminalIsTheOneOfTheServer() throws Exception {
    Matcher shown =
        Pattern.compile("^\\$ curl http://localhost:8080(\\S+) -d '(.*)'\n(.*)$", Pattern.MULTILINE)
            .matcher(readme());
    assertThat(shown.find()).isTrue();

    try (var service = new RunningService()) {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(service.url() + shown.group(1)))
                      .POST(HttpRequest.BodyPublishers.ofString(shown.group(2)))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(withoutIdsAndCounts(response.body()))
          .isEqualTo(withoutIdsAndCounts(shown.group(3)));
    }
  }

  private static String withoutIdsAndCounts(String answer) {
    return answer.replaceAll("\"id\":\"[^\"]*\"|\"created\":\\d+|_tokens\":\\d+", "");
  }

  @Test
  void theVersionsAreThoseOfTheBuild() throws IOException {
    String pom = Files.readString(Path.of("..", "..", "pom.xml"));

    assertThat(readme())
        .contains("<version>" + between(pom, "<artifactId>openai-kserve</artifactId>\n  <version>"))
        .contains("built with " + between(pom, "<grpc.version>"))
        .contains("2.15 to " + between(pom, "<jackson.version>").replaceAll("\\.\\d+$", ""))
        .contains("JDK " + between(pom, "<maven.compiler.release>") + " or newer");
  }

  private static String between(String pom, String begin) {
    int from = pom.indexOf(begin) + begin.length();
    assertThat(from).isGreaterThanOrEqualTo(begin.length());
    return pom.substring(from, pom.indexOf('<', from));
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(readme().lines().count()).isLessThan(200);
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("..", "..", "README.md"));
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
