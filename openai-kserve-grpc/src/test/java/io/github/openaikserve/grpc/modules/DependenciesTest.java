package io.github.openaikserve.grpc.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import org.junit.jupiter.api.Test;

/** All tests of this module run without {@code proto-google-common-protos}, so calls do too. */
final class DependenciesTest {
  @Test
  void googlesCommonProtocolFilesAreNotOnTheClassPath() {
    assertThatExceptionOfType(ClassNotFoundException.class)
        .isThrownBy(() -> Class.forName("com.google.rpc.Status"));
    assertThatExceptionOfType(ClassNotFoundException.class)
        .isThrownBy(() -> Class.forName("com.google.api.HttpRule"));
  }

  /** The one class of grpc-protobuf that fails without them. */
  @Test
  void noClassUsesGooglesStatusMessage() {
    assertThat(
            MainClasses.ALL.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(Dependency::getTargetClass)
                .map(JavaClass::getName))
        .doesNotContain("io.grpc.protobuf.StatusProto")
        .contains("io.grpc.protobuf.ProtoUtils");
  }
}
