package io.github.openaikserve.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever core loads by its name is part of a native image. */
final class NativeImageTest {
  /** Load templates and a document, which are all held; one looks for an optional library. */
  private static final List<String> KNOWN =
      List.of(
          "io.github.openaikserve.chat.ChatTemplates",
          "io.github.openaikserve.internal.http.OpenApiEndpoint",
          "io.github.openaikserve.internal.json.AnswerCheck");

  @Test
  void theMetadataIsAsTheSchemaHasIt() throws Exception {
    assertThat(NativeImageMetadata.of("openai-kserve-core").problems()).isEmpty();
  }

  /** Whoever is not known here has to be added to the metadata, and then to this test. */
  @Test
  void onlyTheseLoadSomethingByItsName() {
    assertThat(NativeImageMetadata.loaders(MainClasses.ALL)).containsExactlyElementsOf(KNOWN);
  }

  @Test
  void everyResourceIsHeld() throws Exception {
    NativeImageMetadata metadata = NativeImageMetadata.of("openai-kserve-core");
    Path classes =
        Path.of(OpenAiKServe.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> resources;
    try (Stream<Path> files = Files.walk(classes)) {
      resources =
          files
              .filter(Files::isRegularFile)
              .map(file -> classes.relativize(file).toString())
              .filter(file -> !file.endsWith(".class") && !file.startsWith("META-INF"))
              .toList();
    }

    assertThat(resources).hasSizeGreaterThan(10).allMatch(metadata::holds);
    assertThat(metadata.holds("io/github/openaikserve/other/a.jinja")).isFalse();
  }

  @Test
  void theOptionalLibraryIsFound() throws Exception {
    assertThat(NativeImageMetadata.of("openai-kserve-core").types())
        .contains("com.networknt.schema.Schema");
  }
}
