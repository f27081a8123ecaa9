package io.github.openaikserve.grpc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ExportsOnlyTest {
  @Test
  void theModuleUsesOnlyPackagesThatCoreExports() {
    noClasses()
        .that()
        .resideInAPackage("io.github.openaikserve.grpc..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.openaikserve.internal..")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.openaikserve.grpc"));
  }
}
