package io.github.openaikserve.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The allowed dependencies between the server's packages, and the maximum size of a package. */
final class DirectionsTest {
  private static final String ROOT = "io.github.openaikserve.server";
  private static final Path SOURCES = Path.of("src/main/java", ROOT.replace('.', '/'));
  private static final int MAX_FILES = 26;

  /** The packages; each may depend only on those before it. */
  private static final List<String> ORDER =
      List.of(
          "",
          ".file",
          ".options",
          ".log",
          ".route",
          ".models",
          ".limits",
          ".config",
          ".connection",
          ".http",
          ".key",
          ".ui",
          ".warmup",
          ".service",
          ".command");

  private static final JavaClasses CLASSES = classes();

  /** Imports the classes of the server only; the names of libraries' classes are enough. */
  private static JavaClasses classes() {
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter()
        .importUrl(EmbeddedWorker.class.getProtectionDomain().getCodeSource().getLocation());
  }

  @Test
  void everyPackageDependsOnlyOnPackagesBeforeIt() {
    for (int i = 0; i < ORDER.size() - 1; i++) {
      noClasses()
          .that()
          .resideInAPackage(ROOT + ORDER.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ORDER.stream().skip(i + 1).map(later -> ROOT + later).toArray(String[]::new))
          .check(CLASSES);
    }
  }

  @Test
  void thereAreNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void httpDependsOnNeitherOptionsNorKeys() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".http")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".options", ROOT + ".config", ROOT + ".key")
        .check(CLASSES);
  }

  @Test
  void onlyTwoPackagesDependOnVertxAndOneOnPicocli() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".http", ROOT + ".connection")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.netty..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".command")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(CLASSES);
  }

  @Test
  void everyPackageIsListedAndHasABoundedNumberOfFiles() throws IOException {
    try (Stream<Path> folders = Files.walk(SOURCES).filter(Files::isDirectory)) {
      for (Path folder : folders.toList()) {
        String name = SOURCES.relativize(folder).toString();
        assertThat(ORDER).contains(name.isEmpty() ? "" : "." + name);
        try (Stream<Path> files = Files.list(folder).filter(Files::isRegularFile)) {
          assertThat(files.count()).as(name).isLessThanOrEqualTo(MAX_FILES);
        }
      }
    }
  }
}
