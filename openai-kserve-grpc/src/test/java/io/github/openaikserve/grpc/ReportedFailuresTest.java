package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.internal.status.StatusCodes;
import io.grpc.Server;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Failures that a running server reports keep their code and message, also through retries. */
final class ReportedFailuresTest {
  @AutoClose private final Resources resources = new Resources();

  private InferenceBackend balanced(Server server) {
    return resources.add(GrpcBackend.builder().target(Servers.target(server)).balanced().build());
  }

  private static BackendException failure(InferenceBackend backend) throws Exception {
    return (BackendException) Recorder.of(backend.infer(Servers.unaryCall())).failure();
  }

  @Test
  void aFailedHandlerIsNotRetried() throws Exception {
    ScriptedService torchServe =
        ScriptedService.failingUnary(Status.UNAVAILABLE.withDescription("Prediction failed"));

    assertThat(failure(balanced(resources.start(torchServe))))
        .returns(502, BackendException::status)
        .returns(true, BackendException::saidByServer)
        .hasMessage("The model server answered UNAVAILABLE: Prediction failed");
    assertThat(torchServe.calls).hasValue(1);
  }

  @Test
  void anUnavailableStatusFromTheServerDoesNotCountAsUnreachable() throws Exception {
    assertThat(
            failure(
                balanced(
                    resources.start(
                        ScriptedService.failingUnary(
                            Status.UNAVAILABLE.withDescription("model temporarily unavailable"))))))
        .returns(503, BackendException::status)
        .hasMessage("The model server answered UNAVAILABLE: model temporarily unavailable");
  }

  @Test
  void aServiceWithAnotherNameIsAConfigurationError() throws Exception {
    Server server = resources.start(ScriptedService.failingUnary(Status.OK));
    GrpcBackend backend =
        resources.add(
            GrpcBackend.builder()
                .target(Servers.target(server))
                .service("org.pytorch.serve.grpc.openinference.GRPCInferenceService")
                .build());

    assertThat(failure(backend))
        .returns(502, BackendException::status)
        .returns(BackendCode.UNIMPLEMENTED, BackendException::backendCode)
        .hasMessageContaining("'service'");
  }

  @Test
  void aPortThatAnswers404IsAConfigurationError() {
    assertThat(
            StatusCodes.exception(
                Status.UNIMPLEMENTED.withDescription("HTTP status code 404\n<html>gpu-2</html>"),
                false))
        .returns(502, BackendException::status)
        .returns(BackendCode.UNIMPLEMENTED, BackendException::backendCode);
  }
}
