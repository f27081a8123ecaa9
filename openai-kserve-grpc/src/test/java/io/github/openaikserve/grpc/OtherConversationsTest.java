package io.github.openaikserve.grpc;

import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.error.BackendCode.INTERNAL;
import static io.github.openaikserve.error.BackendCode.UNKNOWN;
import static io.github.openaikserve.grpc.ServedModel.Trait.LIMITS;
import static io.github.openaikserve.grpc.ServedModel.Trait.REASONS;
import static io.github.openaikserve.grpc.ServedModel.Trait.STREAMS;
import static io.github.openaikserve.grpc.ServedModel.Trait.UNARY;
import static io.github.openaikserve.kserve.Datatype.BYTES;
import static io.github.openaikserve.kserve.Datatype.INT32;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.DialectBuilder;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.servers.AnyServeServer;
import io.github.openaikserve.grpc.servers.DynamoServer;
import io.github.openaikserve.grpc.servers.HuggingFaceRuntime;
import io.github.openaikserve.grpc.servers.KServePythonServer;
import io.github.openaikserve.grpc.servers.MlServer;
import io.github.openaikserve.grpc.servers.ModelServer;
import io.github.openaikserve.grpc.servers.OpenVinoServer;
import io.github.openaikserve.grpc.servers.StreamingRuntime;
import io.github.openaikserve.grpc.servers.TorchServeServer;
import io.github.openaikserve.kserve.InferParameter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every server except Triton. */
@ParameterizedClass
@MethodSource("models")
final class OtherConversationsTest extends DialectConversations {
  private static final List<String> HINT_FIELDS =
      List.of(
          "seed",
          "temperature",
          "top_p",
          "presence_penalty",
          "frequency_penalty",
          "logit_bias",
          "top_k",
          "min_p",
          "repetition_penalty",
          "min_tokens",
          "ignore_eos",
          "skip_special_tokens");

  private static final Dialect GRAPH =
      limited(Dialects.generic("prompt", "completion")).decoupled().build();
  private static final Dialect BARE =
      limited(
              Dialect.builder("own")
                  .input(
                      "prompt",
                      BYTES,
                      PROMPT,
                      input -> input.parameter("content_type", InferParameter.of("str")))
                  .output("output", TEXT))
          .unwrappedStreams()
          .build();
  private static final Dialect TORCHSERVE =
      limited(Dialects.generic("prompt", "text")).unary().build();

  OtherConversationsTest(ServedModel model) {
    super(model);
  }

  private static DialectBuilder limited(DialectBuilder table) {
    return table.input("max_tokens", INT32, MAX_TOKENS);
  }

  static List<ServedModel> models() {
    return Stream.of(anyServe(), dynamo(), mlServer(), built())
        .flatMap(models -> models)
        .map(model -> model.refusing(MEANINGS.keySet()))
        .toList();
  }

  private static Stream<ServedModel> anyServe() {
    ServedModel.Start start = AnyServeServer::start;
    return Stream.of(
            ServedModel.fixed("AnyServe", start, "m", Dialects.ANYSERVE, STREAMS, LIMITS),
            ServedModel.detected("AnyServe", start, "m", STREAMS, LIMITS))
        .map(model -> model.dropping(without("temperature", "top_p", "top_k")));
  }

  private static Stream<ServedModel> dynamo() {
    ServedModel.Start start = () -> DynamoServer.start("llama");
    ServedModel.Start older = () -> DynamoServer.startOlder("llama");
    return Stream.of(
            ServedModel.fixed("Dynamo", start, "llama", Dialects.DYNAMO, STREAMS, REASONS),
            ServedModel.detected("Dynamo", start, "llama", STREAMS, REASONS),
            ServedModel.fixed("older Dynamo", older, "llama", Dialects.DYNAMO, STREAMS, REASONS))
        .map(model -> model.failing(INTERNAL, UNKNOWN).dropping(without()));
  }

  private static Stream<ServedModel> mlServer() {
    ServedModel.Start start = () -> MlServer.start(Map.of("gpt2", new HuggingFaceRuntime()));
    return Stream.of(
            ServedModel.fixed(
                "MLServer", start, "gpt2", Dialects.MLSERVER_HUGGINGFACE, UNARY, LIMITS),
            ServedModel.detected("MLServer", start, "gpt2", UNARY, LIMITS))
        .map(
            model ->
                model
                    .failing(INTERNAL)
                    .dropping(
                        without(
                            "temperature", "top_p", "top_k", "repetition_penalty", "min_tokens")));
  }

  private static Stream<ServedModel> built() {
    return Stream.of(
            ServedModel.fixed(
                    "OpenVINO graph",
                    OpenVinoServer::start,
                    OpenVinoServer.GRAPH,
                    GRAPH,
                    STREAMS,
                    LIMITS)
                .failing(INTERNAL, UNKNOWN),
            ServedModel.fixed(
                    "MLServer with streams",
                    () -> MlServer.start(Map.of("own", new StreamingRuntime())),
                    "own",
                    BARE,
                    UNARY,
                    STREAMS,
                    LIMITS)
                .failing(INTERNAL),
            ServedModel.detected(
                    "MLServer with streams",
                    () -> MlServer.start(Map.of("own", StreamingRuntime.declared())),
                    "own",
                    UNARY,
                    STREAMS,
                    LIMITS)
                .failing(INTERNAL),
            ServedModel.fixed(
                    "MLServer before it had streams",
                    () -> MlServer.startOlder(Map.of("own", new StreamingRuntime())),
                    "own",
                    BARE,
                    UNARY,
                    LIMITS)
                .failing(INTERNAL),
            ServedModel.detected(
                    "KServe", KServePythonServer::start, KServePythonServer.OWN, UNARY, LIMITS)
                .failing(INTERNAL),
            ServedModel.fixed(
                    "TorchServe",
                    () -> TorchServeServer.start("own"),
                    "own",
                    TORCHSERVE,
                    UNARY,
                    LIMITS)
                .failing(INTERNAL))
        .map(model -> model.dropping(without()));
  }

  private static String[] without(String... carried) {
    return HINT_FIELDS.stream()
        .filter(field -> !List.of(carried).contains(field))
        .toArray(String[]::new);
  }

  @Override
  GrpcBackend connect(ModelServer server) {
    GrpcBackendBuilder builder = GrpcBackend.builder().target(server.target());
    if (server instanceof AnyServeServer) {
      builder.streamPortOffset(100);
    } else if (server instanceof TorchServeServer) {
      builder.service(TorchServeServer.SERVICE);
    }
    return builder.build();
  }

  /** In every test, servers receive only what they can read. */
  @AfterEach
  void everyRequestWasPlain() {
    for (ModelInferRequest request : server.requests()) {
      assertThat(request.getOutputsList()).isEmpty();
      assertThat(request.getParametersMap()).isEmpty();
      assertThat(request.getRawInputContentsList()).isEmpty();
    }
  }
}
