package io.github.openaikserve.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.testserver.KServeTestServer;
import io.github.openaikserve.testsupport.StartedProgram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each program starts with its one command, and answers. */
@Tag("slow")
final class StartedProgramsTest {
  @ParameterizedTest
  @ValueSource(strings = {"SpringBootExample"})
  void aHostServesChats(String name) throws Exception {
    try (var server = KServeTestServer.start();
        var program = StartedProgram.of(name, server.target())) {
      assertThat(program.chat(false)).contains("\"content\":\"Hello\"");
      assertThat(program.chat(true)).endsWith("data: [DONE]\n\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SpringAi1Example"})
  void aClientPrintsTheAnswer(String name) throws Exception {
    try (var server = KServeTestServer.start();
        var program = StartedProgram.of(name, server.target())) {
      assertThat(program.output().lines()).contains("Hello");
      assertThat(server.calls()).isNotEmpty();
    }
  }
}
