package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What a release publishes. Maven Central requires sources and javadoc of every jar. */
final class PublishedModulesTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final String NAME = "artifactId";

  /** The poms of the build by the names of their modules. */
  private final Map<String, Element> poms = new HashMap<>();

  @BeforeEach
  void readPoms() throws Exception {
    read(ROOT);
  }

  @Test
  void thePublishedModulesAreThoseOfTheBom() {
    Set<String> listed = texts(pom("openai-kserve-bom"), "dependencyManagement", NAME);

    assertThat(modules(name -> isJar(name) && !isUnpublished(name))).isEqualTo(listed);
  }

  @Test
  void onlyUnpublishedModulesAreExcludedFromPublishing() {
    Element plugin = plugin("release", "central-publishing-maven-plugin");

    assertThat(texts(plugin, "excludeArtifacts", "excludeArtifact"))
        .isEqualTo(modules(this::isUnpublished));
  }

  @Test
  void onlyUnpublishedModulesHaveNoJavadoc() {
    assertThat(text(plugin("release", "maven-javadoc-plugin"), "goal")).isEqualTo("jar");
    assertThat(modules(name -> isTrue(name, "maven.javadoc.skip")))
        .isEqualTo(modules(this::isUnpublished));
    assertThat(modules(name -> skips(name, "maven-javadoc-plugin"))).isEmpty();
  }

  @Test
  void everyModuleHasSources() {
    assertThat(text(plugin("tests", "maven-source-plugin"), "goal")).isEqualTo("jar-no-fork");
    assertThat(modules(name -> isTrue(name, "maven.source.skip"))).isEmpty();
    assertThat(modules(name -> skips(name, "maven-source-plugin"))).isEmpty();
  }

  /** Reads the pom of a folder and those of its modules, in profiles too. */
  private void read(Path folder) throws Exception {
    Element pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("pom.xml").toFile())
            .getDocumentElement();
    poms.put(value(pom, NAME), pom);
    for (Element module : elements(pom, "module")) {
      read(folder.resolve(content(module)));
    }
  }

  private Element pom(String name) {
    return Objects.requireNonNull(poms.get(name), name);
  }

  private Set<String> modules(Predicate<String> chosen) {
    Set<String> names = new TreeSet<>(poms.keySet());
    names.removeIf(chosen.negate());
    return names;
  }

  private boolean isJar(String module) {
    return value(pom(module), "packaging").isEmpty();
  }

  private boolean isUnpublished(String module) {
    return isTrue(module, "maven.deploy.skip");
  }

  /** Returns whether a property of a module, its own or inherited, is {@code true}. */
  private boolean isTrue(String module, String property) {
    Element pom = pom(module);
    String own = value(child(pom, "properties"), property);
    Element parent = child(pom, "parent");
    boolean inherited = own.isEmpty() && parent != null;
    return inherited ? isTrue(value(parent, NAME), property) : own.equals("true");
  }

  /** Returns whether a pom configures a plugin not to run. */
  private boolean skips(String module, String plugin) {
    return elements(pom(module), "plugin").stream()
        .filter(declared -> value(declared, NAME).equals(plugin))
        .anyMatch(declared -> !elements(declared, "skip").isEmpty());
  }

  /** Returns a plugin of a profile of the parent pom. */
  private Element plugin(String profile, String name) {
    return elements(pom("openai-kserve"), "profile").stream()
        .filter(found -> value(found, "id").equals(profile))
        .flatMap(found -> elements(found, "plugin").stream())
        .filter(found -> value(found, NAME).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> texts(Element element, String list, String name) {
    Set<String> texts = new TreeSet<>();
    elements(element, list)
        .forEach(found -> elements(found, name).forEach(item -> texts.add(content(item))));
    return texts;
  }

  private static String text(Element element, String name) {
    return elements(element, name).stream()
        .map(PublishedModulesTest::content)
        .findFirst()
        .orElse("");
  }

  /** Returns the text of a direct child, or an empty text. */
  private static String value(@Nullable Element element, String name) {
    Element child = element == null ? null : child(element, name);
    return child == null ? "" : content(child);
  }

  private static @Nullable Element child(Element element, String name) {
    return elements(element, name).stream()
        .filter(found -> found.getParentNode() == element)
        .findFirst()
        .orElse(null);
  }

  private static String content(Node node) {
    return Objects.requireNonNull(node.getTextContent()).strip();
  }

  private static List<Element> elements(Element element, String name) {
    NodeList found = element.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }
}
