package io.github.openaikserve.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The rules of the newest release refuse at least what vLLM itself refuses. The interoperability
 * run of Triton's real {@code model.py} compares the file with vLLM's own {@code SamplingParams}.
 */
final class VllmReleaseTest {
  private static final Path REFUSED = Path.of("src/test/resources/vllm-0.13.0-refuses.txt");

  @Test
  void valuesThatVllmRejectsAreRejected() throws IOException {
    VllmRelease newest = VllmRelease.ALL.get(VllmRelease.ALL.size() - 1);
    List<String> refused = Files.readAllLines(REFUSED);

    assertThat(refused).hasSizeGreaterThan(500);
    assertThat(refused)
        .allSatisfy(line -> assertThat(newest.problem(request(line))).as(line).isPresent());
  }

  /** Returns a request with the field and the value of a line. */
  private static InferRequest request(String line) {
    int space = line.indexOf(' ');
    String field = line.substring(0, space);
    String value = line.substring(space + 1);
    if (field.equals("structured_outputs")) {
      value = '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
    String limit = field.equals("max_tokens") ? "" : "\"max_tokens\":16,";
    String parameters = "{%s\"%s\":%s}".formatted(limit, field, value);
    return InferRequest.of("m", "", List.of(Tensor.text("sampling_parameters", parameters)));
  }
}
