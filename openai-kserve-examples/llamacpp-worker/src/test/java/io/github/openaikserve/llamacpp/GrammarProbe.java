package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that generates answers for schemas, one a line.
 *
 * <p>llama.cpp ends its process when it cannot handle a grammar, and a test must survive that.
 */
final class GrammarProbe {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SECONDS = 120;

  private GrammarProbe() {}

  /** Returns an answer for each schema, or why the schema is rejected; fewer after an abort. */
  static List<String> answers(Path directory, List<String> schemas) throws Exception {
    Path input = Files.write(directory.resolve("schemas"), schemas);
    Path output = directory.resolve("answers");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                GrammarProbe.class.getName(),
                input.toString(),
                output.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    List<String> answers = Files.exists(output) ? Files.readAllLines(output) : List.of();
    if (!ended || process.exitValue() != 0) {
      String schema = schemas.get(Math.min(answers.size(), schemas.size() - 1));
      throw new AssertionError(
          "no answer for " + schema.substring(0, Math.min(500, schema.length())));
    }
    return answers;
  }

  public static void main(String[] files) throws Exception {
    Path gguf = EmbeddedModel.extractTo(Files.createTempDirectory(Path.of(""), "model"));
    var generator = new LlamaGenerator(gguf, 1, 1024, 1, ModelContext.of(gguf).vocabulary());
    try (var output = new PrintStream(files[1], StandardCharsets.UTF_8)) {
      for (String schema : Files.readAllLines(Path.of(files[0]))) {
        output.println(answer(generator, schema));
        output.flush();
      }
    }
    System.exit(0);
  }

  private static String answer(LlamaGenerator generator, String schema) throws Exception {
    try {
      var text = new StringBuilder();
      String end =
          generator.generate(
              inputs(schema),
              piece -> {
                text.append(piece);
                return true;
              });
      return end + " " + text.toString().replaceAll("\\R", " ");
    } catch (BadRequestException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static GenerateInputs inputs(String schema) throws IOException {
    ObjectNode format = JSON.createObjectNode().put("type", "json_schema");
    format.putObject("json_schema").set("schema", JSON.readTree(schema));
    return new GenerateInputs("Answer: ", 80, 0, 1, 40, 1L, format.toString(), null);
  }
}
