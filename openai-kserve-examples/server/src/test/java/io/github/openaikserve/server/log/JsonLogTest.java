package io.github.openaikserve.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.server.command.ServerCommand;
import io.github.openaikserve.server.testing.JavaProcess;
import io.github.openaikserve.server.testing.Wire;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log of a server whose log lines are JSON. */
final class JsonLogTest {
  @Test
  void everyLineIsOneObject() throws Exception {
    Process process =
        JavaProcess.of(
                List.of("-XX:+UseSerialGC", JavaProcess.SERVER_LOG),
                ServerCommand.class,
                "--port",
                "0",
                "--log-format",
                "json",
                "--endpoint",
                "127.0.0.1:1",
                "--model-name",
                "m",
                "--dialect",
                "anyserve")
            .start();
    try (Wire wire = new Wire(JavaProcess.port(process))) {
      long before = System.currentTimeMillis();
      wire.send("GET /\"quoted\" HTTP/1.1\r\nhost: x\r\n\r\n").readUntil("unknown_url");

      JsonNode line = accessLine(process);
      assertThat(line.get("level").textValue()).isEqualTo("INFO");
      assertThat(line.get("formattedMessage").textValue()).startsWith("GET /\"quoted\" 404 ");
      assertThat(Instant.ofEpochMilli(line.get("timestamp").longValue()).toEpochMilli())
          .isBetween(before - 1000, System.currentTimeMillis() + 1000);
      assertThat(line.has("threadName")).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Reads lines, each of which must be an object, up to that of the request. */
  private static JsonNode accessLine(Process process) throws Exception {
    var json = new ObjectMapper();
    List<JsonNode> lines = new ArrayList<>();
    BufferedReader reader = process.errorReader(StandardCharsets.UTF_8);
    for (String text = reader.readLine(); text != null; text = reader.readLine()) {
      JsonNode line = json.readTree(text);
      assertThat(line.isObject()).as(text).isTrue();
      lines.add(line);
      if (line.path("loggerName").asText().equals("openaikserve.access")) {
        return line;
      }
    }
    throw new AssertionError("the process ended after " + lines);
  }
}
