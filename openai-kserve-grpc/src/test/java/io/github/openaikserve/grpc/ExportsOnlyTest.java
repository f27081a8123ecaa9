package io.github.openaikserve.grpc;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ExportsOnlyTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.github.openaikserve.grpc");

  @Test
  void theModuleUsesOnlyPackagesThatCoreExports() {
    noClasses()
        .that()
        .resideInAPackage("io.github.openaikserve.grpc..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.openaikserve.internal..")
        .check(CLASSES);
  }

  @Test
  void theTransportAndRecordingsKnowTheMessagesAndNotEachOther() {
    classes()
        .that()
        .resideInAPackage("io.github.openaikserve.grpc.recording")
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("io.github.openaikserve.grpc")
                .and(resideOutsideOfPackage("io.grpc..")))
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.openaikserve.grpc.recording")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.openaikserve.grpc.recording")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.github.openaikserve.grpc.internal")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.github.openaikserve.grpc", "io.grpc..")
        .check(CLASSES);
  }
}
