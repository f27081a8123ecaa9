package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.examples.dialects.AnyServeExample;
import io.github.openaikserve.examples.dialects.DynamoExample;
import io.github.openaikserve.examples.dialects.GenericExample;
import io.github.openaikserve.examples.dialects.MlServerExample;
import io.github.openaikserve.examples.dialects.OpenVinoExample;
import io.github.openaikserve.examples.dialects.TensorRtLlmApiExample;
import io.github.openaikserve.examples.dialects.TensorRtLlmExample;
import io.github.openaikserve.examples.dialects.TorchServeExample;
import io.github.openaikserve.examples.dialects.TritonVllmExample;
import io.github.openaikserve.grpc.servers.AnyServeServer;
import io.github.openaikserve.grpc.servers.DynamoServer;
import io.github.openaikserve.grpc.servers.HuggingFaceRuntime;
import io.github.openaikserve.grpc.servers.MlServer;
import io.github.openaikserve.grpc.servers.ModelServer;
import io.github.openaikserve.grpc.servers.OpenVinoServer;
import io.github.openaikserve.grpc.servers.PlainModel;
import io.github.openaikserve.grpc.servers.TensorRtLlmApiModel;
import io.github.openaikserve.grpc.servers.TensorRtLlmModel;
import io.github.openaikserve.grpc.servers.TorchServeServer;
import io.github.openaikserve.grpc.servers.TritonServer;
import io.github.openaikserve.grpc.servers.VllmModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages about model servers are true. For another page, add a line to {@link #pages}. */
final class DialectPagesTest {
  private static final Path PAGES = Path.of("../../openai-kserve-core/docs/dialects");
  private static final Path EXAMPLES =
      Path.of("src/main/java/io/github/openaikserve/examples/dialects");
  private static final Path CONFIGURATIONS = Path.of("..", "server", "src", "main", "config");
  private static final Pattern CODE = Pattern.compile("```(java|yaml)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern DESCRIBED =
      Pattern.compile("`Dialects\\.[A-Z_]+`, named\\s+`([a-z-]+)`");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final List<String> SECTIONS =
      List.of("Example", "Tensors", "Fields", "Answers", "Errors and cancellation", "Versions");

  /** Starts a server. */
  private interface Start {
    ModelServer server() throws IOException;
  }

  /**
   * The program of a page.
   *
   * @param server what it runs against
   * @param ask gives the text of an answer
   */
  private record Example(Class<?> shown, Start server, Function<String, String> ask) {
    @Override
    public String toString() {
      return shown.getSimpleName();
    }
  }

  static List<Example> examples() {
    return List.of(
        new Example(
            TritonVllmExample.class,
            () -> TritonServer.start(VllmModel.newest("vllm")),
            TritonVllmExample::ask),
        new Example(
            TensorRtLlmExample.class,
            () -> TritonServer.start(TensorRtLlmModel.ensemble(false)),
            TensorRtLlmExample::ask),
        new Example(
            TensorRtLlmApiExample.class,
            () -> TritonServer.start(new TensorRtLlmApiModel(true)),
            TensorRtLlmApiExample::ask),
        new Example(
            GenericExample.class, () -> TritonServer.start(PlainModel.acme()), GenericExample::ask),
        new Example(AnyServeExample.class, AnyServeServer::start, AnyServeExample::ask),
        new Example(DynamoExample.class, () -> DynamoServer.start("llama"), DynamoExample::ask),
        new Example(
            MlServerExample.class,
            () -> MlServer.start(Map.of("gpt2", new HuggingFaceRuntime())),
            MlServerExample::ask),
        new Example(OpenVinoExample.class, OpenVinoServer::start, OpenVinoExample::ask),
        new Example(
            TorchServeExample.class, () -> TorchServeServer.start("own"), TorchServeExample::ask));
  }

  /** A page, and the dialect whose fields it lists; null where that is the model's own affair. */
  private record Page(String name, @Nullable Dialect dialect) {
    String text() throws IOException {
      return Files.readString(PAGES.resolve(name + ".md"));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Every page that is there. One that describes a dialect names it at its beginning. */
  static List<Page> pages() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      List<Page> pages = new ArrayList<>();
      for (Path file : files.filter(f -> !f.endsWith("README.md")).sorted().toList()) {
        String name = file.getFileName().toString().replace(".md", "");
        Matcher named = DESCRIBED.matcher(Files.readString(file));
        pages.add(
            new Page(name, named.find() ? Dialects.byName(named.group(1)).orElseThrow() : null));
      }
      return pages;
    }
  }

  @Test
  void everyDialectThatGeneratesHasAPage() throws IOException {
    List<String> described =
        pages().stream().map(Page::dialect).filter(Objects::nonNull).map(Dialect::name).toList();
    String pages = "";
    for (Page page : pages()) {
      pages += page.text();
    }

    assertThat(described).hasSizeGreaterThanOrEqualTo(6).doesNotHaveDuplicates();
    assertThat(pages).contains(Dialects.names().map(name -> "`" + name + "`").toList());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aPageHasTheSectionsOfAll(Page page) throws IOException {
    assertThat(page.text().lines().filter(line -> line.startsWith("## ")).map(l -> l.substring(3)))
        .containsSubsequence(SECTIONS);
  }

  /** A page shows one of the programs, or the configuration of the reference server. */
  @ParameterizedTest
  @MethodSource("pages")
  void theCodeOfAPageIsCompiledOrRead(Page page) throws IOException {
    String programs = sources(EXAMPLES, ".java");
    String configurations = sources(CONFIGURATIONS, ".yaml");
    boolean shown = false;
    for (MatchResult block : CODE.matcher(page.text()).results().toList()) {
      String code = withoutSpace(block.group(2));
      boolean java = block.group(1).equals("java");
      if (java) {
        assertThat(programs).contains(code);
        assertThat(block.group(2).lines().count()).isLessThanOrEqualTo(20);
      }
      shown |= java || configurations.contains(code);
    }

    assertThat(shown).isTrue();
  }

  private static String sources(Path directory, String suffix) throws IOException {
    var all = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(suffix)).sorted().toList()) {
        all.append(withoutSpace(Files.readString(file)));
      }
    }
    return all.toString();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aProgramGetsAnAnswer(Example example) throws IOException {
    try (ModelServer server = example.server().server()) {
      assertThat(example.ask().apply(server.target())).isEqualTo("Once upon a time.");
      assertThat(server.requests()).hasSize(1);
    }
  }

  /** With {@code -Dpages.write=true}, the lists are written from the table, and not checked. */
  private static void write(Page page, Dialect dialect) throws IOException {
    Path file = PAGES.resolve(page.name() + ".md");
    String text = line(page.text(), "mapped", fields(dialect::carries));
    for (FieldHandling handling : List.of(FieldHandling.DROPPED, FieldHandling.REJECTED)) {
      String word = handling.name().toLowerCase(Locale.ROOT);
      text =
          line(
              text,
              word,
              fields(field -> !dialect.carries(field) && field.withoutTensor() == handling));
    }
    Files.writeString(file, text);
  }

  private static String line(String text, String word, Set<String> names) {
    String list = "- " + word + ": `" + String.join("`, `", names) + "`";
    return text.replaceFirst("(?m)^- " + word + ": .*$", Matcher.quoteReplacement(list));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void thePageBeginsWithTheDescriptionInTheTable(Page page) throws IOException {
    Dialect dialect = page.dialect();
    if (dialect != null) {
      String constant = dialect.name().toUpperCase(Locale.ROOT).replace('-', '_');
      assertThat(page.text().replaceAll("\\s+", " "))
          .contains(
              "`Dialects.%s`, named `%s`. %s"
                  .formatted(constant, dialect.name(), dialect.description()));
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void thePageListsTheHandlingOfEveryField(Page page) throws IOException {
    Dialect dialect = page.dialect();
    if (dialect != null && Boolean.getBoolean("pages.write")) {
      write(page, dialect);
    } else if (dialect != null) {
      assertThat(listed(page, "mapped")).isEqualTo(fields(dialect::carries));
      for (FieldHandling handling : List.of(FieldHandling.DROPPED, FieldHandling.REJECTED)) {
        assertThat(listed(page, handling.name().toLowerCase(Locale.ROOT)))
            .isEqualTo(
                fields(field -> !dialect.carries(field) && field.withoutTensor() == handling));
      }
    }
  }

  /** The names in the line that begins with the word. */
  private static Set<String> listed(Page page, String word) throws IOException {
    String line =
        page.text().lines().filter(l -> l.startsWith("- " + word + ": ")).findFirst().orElseThrow();
    return QUOTED
        .matcher(line)
        .results()
        .map(m -> m.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The names of the fields of generations that are so. */
  private static Set<String> fields(Predicate<RequestField> such) {
    return Arrays.stream(RequestField.values())
        .filter(
            field ->
                field.kinds().isEmpty()
                    || field.kinds().stream().anyMatch(RequestKind::isGeneration))
        .filter(field -> !field.isSubject() || field.kinds().contains(RequestKind.COMPLETION))
        .filter(field -> field != RequestField.PROMPT_TOKEN_IDS && field != RequestField.TASK)
        .filter(such)
        .map(RequestField::jsonName)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
