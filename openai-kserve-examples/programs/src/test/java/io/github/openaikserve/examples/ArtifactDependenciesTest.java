package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The page that says what each artifact brings says what the build enforces. */
final class ArtifactDependenciesTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path INTEGRATIONS = ROOT.resolve("openai-kserve-examples/integrations");
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `(openai-kserve-[\\w-]+)` \\| (.*?) \\| (.*?) \\| (.*?) \\| (.*?) \\|$",
          Pattern.MULTILINE);
  private static final Pattern NAME = Pattern.compile("`([\\w-]+)`");
  private static final Set<String> PROGRAMS =
      Set.of("openai-kserve-server", "openai-kserve-llamacpp-worker");

  /** What the page says of an artifact. */
  private record Row(Set<String> declared, Set<String> brought, Set<String> optional) {}

  @Test
  void everyPublishedLibraryHasARow() throws Exception {
    Set<String> libraries =
        new TreeSet<>(
            dependencies(INTEGRATIONS.resolve("bom/pom.xml"), "dependencyManagement").keySet());
    libraries.removeAll(PROGRAMS);

    assertThat(rows().keySet()).isEqualTo(libraries);
  }

  @Test
  void theDependenciesOfAnArtifactMatchThePage() throws Exception {
    for (Map.Entry<String, Row> row : rows().entrySet()) {
      Set<String> declared = new TreeSet<>();
      dependencies(pom(row.getKey()), "project")
          .forEach(
              (name, dependency) -> {
                boolean provided = text(dependency, "scope").equals("provided");
                if (!provided && !text(dependency, "optional").equals("true")) {
                  declared.add(name);
                }
              });
      assertThat(declared).as(row.getKey()).isEqualTo(row.getValue().declared());
    }
  }

  @Test
  void theBuildRejectsDependenciesThatThePageDoesNotName() throws Exception {
    Map<String, Row> rows = rows();
    for (Map.Entry<String, Row> row : rows.entrySet()) {
      Element rule = only(pom(row.getKey()), "bannedDependencies");
      assertThat(texts(rule, "exclude"))
          .as(row.getKey())
          .contains("*:*:*:*:compile", "*:*:*:*:runtime");
      Set<String> allowed = new TreeSet<>();
      texts(rule, "include").forEach(include -> allowed.add(include.replaceFirst(".*:", "")));

      boolean direct = text(rule, "searchTransitive").equals("false");
      Set<String> named = new TreeSet<>(direct ? row.getValue().declared() : all(rows, row));
      assertThat(allowed).as(row.getKey()).isEqualTo(named);
    }
  }

  /** Returns what an artifact may bring, directly or not. */
  private static Set<String> all(Map<String, Row> rows, Map.Entry<String, Row> of) {
    Set<String> all = new TreeSet<>(of.getValue().declared());
    all.addAll(of.getValue().brought());
    all.addAll(of.getValue().optional());
    for (String name : of.getValue().declared()) {
      Row ours = rows.get(name);
      if (ours != null) {
        all.addAll(ours.declared());
        all.addAll(ours.brought());
      }
    }
    return all;
  }

  private static Map<String, Row> rows() throws IOException {
    Map<String, Row> rows = new HashMap<>();
    for (MatchResult row :
        ROW.matcher(Files.readString(INTEGRATIONS.resolve("README.md"))).results().toList()) {
      rows.put(
          row.group(1), new Row(names(row.group(2)), names(row.group(3)), names(row.group(5))));
    }
    return rows;
  }

  private static Set<String> names(String cell) {
    Set<String> names = new TreeSet<>();
    NAME.matcher(cell).results().forEach(name -> names.add(name.group(1)));
    return names;
  }

  private static Path pom(String artifact) {
    Path library = ROOT.resolve(artifact).resolve("pom.xml");
    return Files.exists(library)
        ? library
        : INTEGRATIONS.resolve(artifact.replace("openai-kserve-", "")).resolve("pom.xml");
  }

  /** Returns the dependencies of this element itself, by their names. */
  private static Map<String, Element> dependencies(Path pom, String parent) throws Exception {
    Map<String, Element> found = new HashMap<>();
    for (Element dependencies : elements(root(pom), "dependencies")) {
      if (dependencies.getParentNode().getNodeName().equals(parent)) {
        elements(dependencies, "dependency")
            .forEach(dependency -> found.put(text(dependency, "artifactId"), dependency));
      }
    }
    return found;
  }

  private static Element only(Path pom, String name) throws Exception {
    List<Element> found = elements(root(pom), name);
    assertThat(found).as("%s of %s", name, pom).hasSize(1);
    return found.get(0);
  }

  private static Element root(Path pom) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(pom.toFile())
        .getDocumentElement();
  }

  private static String text(Element element, String name) {
    return texts(element, name).findFirst().orElse("");
  }

  private static Stream<String> texts(Element element, String name) {
    return elements(element, name).stream()
        .map(Element::getTextContent)
        .map(text -> Objects.requireNonNull(text).strip());
  }

  private static List<Element> elements(Element element, String name) {
    NodeList found = element.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }
}
