package io.github.openaikserve.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What this module knows of core: its public packages. */
final class PublicApiTest {
  @Test
  void noClassKnowsCoresInternals() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.openaikserve.internal..")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.openaikserve.spring"));
  }
}
