package io.github.openaikserve.examples.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.testserver.KServeTestServer;
import io.github.openaikserve.testsupport.StartedProgram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The program starts with its one command, and answers. */
@Tag("slow")
final class StartedProgramTest {
  @Test
  void theProgramServesChats() throws Exception {
    try (var server = KServeTestServer.start();
        var program = StartedProgram.of("QuarkusExample", server.target())) {
      assertThat(program.chat(false)).contains("\"content\":\"Hello\"");
      assertThat(program.chat(true)).endsWith("data: [DONE]\n\n");
    }
  }
}
