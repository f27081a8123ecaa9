package io.github.openaikserve.grpc.modules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ExportsOnlyTest {
  private static final String ROOT = "io.github.openaikserve.grpc";

  @Test
  void theModuleUsesOnlyPackagesThatCoreExports() {
    noClasses()
        .that()
        .resideInAPackage("io.github.openaikserve.grpc..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.openaikserve.internal..")
        .check(MainClasses.ALL);
  }

  @Test
  void theTransportAndRecordingsKnowTheMessagesAndNotEachOther() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".recording")
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackages(ROOT, "io.grpc..", ROOT + ".internal..")
                .or(resideInAPackage(ROOT + ".internal.message")))
        .check(MainClasses.ALL);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".recording")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".recording")
        .check(MainClasses.ALL);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".internal.message")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.grpc..")
        .check(MainClasses.ALL);
  }

  /** Each internal package depends on earlier ones only, and none on the public package. */
  @Test
  void internalPackagesDependOnEarlierOnesOnly() {
    List<String> order = List.of("message", "status", "endpoint", "port", "call", "service");
    for (int i = 0; i < order.size(); i++) {
      String[] later =
          Stream.concat(Stream.of(""), order.stream().skip(i + 1).map(".internal."::concat))
              .map(ROOT::concat)
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".internal." + order.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(later)
          .check(MainClasses.ALL);
    }
  }
}
