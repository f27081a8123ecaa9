package io.github.openaikserve.grpc.internal.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.openaikserve.grpc.GrpcBackend;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost | missing port in 'localhost', expected host:port such as localhost:8001",
        "localhost: | missing port in 'localhost:', expected host:port such as localhost:8001",
        "a:1,b | missing port in 'b', expected host:port such as b:8001",
        "http://localhost:8001 | gRPC targets have no http:// scheme; use localhost:8001",
        "http://localhost:8001/v2 | gRPC targets have no http:// scheme; use localhost:8001",
        "https://gpu:443 | gRPC targets have no https:// scheme; use gpu:443 with tls()",
        "host:port | port 'port' in 'host:port' is not a number, expected host:port",
        "host:0 | expected a port from 1 to 65535, found 0",
        ":8001 | expected host:port, found ':8001'",
        "dns:///gpu | missing port in 'gpu', expected host:port such as gpu:8001",
        "dns://8.8.8.8/gpu:1 | target 'dns://8.8.8.8/gpu:1' is not supported; use dns:///name:port",
      })
  void errorsOfTargetsSuggestAFix(String target, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrpcBackend.connect(target))
        .withMessage(message);
  }

  @Test
  void otherSchemesAreReferredToAChannelOfTheCaller() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrpcBackend.connect("xds:///gpus"))
        .withMessageStartingWith("target 'xds:///gpus' has the scheme xds, expected host:port,")
        .withMessageEndingWith("create a channel and use GrpcBackend.over(channel)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpu:8001",
        "[::1]:8001",
        "a:1,b:2",
        "dns:///gpu:8001",
        "anyserve://registry:8080?model=llamacpp&type=generate"
      })
  void aTargetIsPrintedAsItWasParsed(String target) {
    assertThat(Target.parse(target)).hasToString(target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:1,b:2", "dns:///gpu:8001", "anyserve://registry:8080"})
  void aTargetThatMayBeSeveralServersMustBeBalanced(String target) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrpcBackend.builder().target(target).build())
        .withMessage(
            "target '%s' may be several servers; use balanced() in place of build()", target);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrpcBackend.builder().target(target).streamTarget("c:3").balanced())
        .withMessageContaining("use streamPortOffset");
  }

  @Test
  void anEmptyListOfTargetsIsRejected() {
    assertThatIllegalArgumentException().isThrownBy(() -> GrpcBackend.builder().targets(List.of()));
    assertThat(Target.of(List.of("a:1", "b:2"))).hasToString("a:1,b:2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu:65535", "a:1,gpu:65535", "dns:///gpu:65535"})
  void aStreamPortAboveTheMaximumIsReportedAtBuild(String target) {
    var builder = GrpcBackend.builder().target(target).streamPortOffset(100);

    assertThatIllegalArgumentException()
        .isThrownBy(builder::balanced)
        .withMessage("expected a port from 1 to 65535, found 65635");
    if (Target.parse(target).isSingle()) {
      assertThatIllegalArgumentException()
          .isThrownBy(builder::build)
          .withMessage("expected a port from 1 to 65535, found 65635");
    }
  }

  @Test
  void anOffsetHasNoEffectWithAStreamTarget() {
    var builder =
        GrpcBackend.builder().target("gpu:65535").streamPortOffset(100).streamTarget("gpu:1");

    assertThatCode(() -> builder.build().close()).doesNotThrowAnyException();
    assertThatCode(() -> builder.balanced().build().close()).doesNotThrowAnyException();
  }
}
