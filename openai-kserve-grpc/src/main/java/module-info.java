/**
 * An inference backend over KServe v2 gRPC. Start with {@code
 * io.github.openaikserve.grpc.GrpcBackend}.
 *
 * <p>gRPC's and protobuf's jars are automatic modules. Therefore the module system resolves every
 * automatic module on the module path with this module, including a transport. An application that
 * records calls must require {@code com.google.protobuf.util}.
 */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // gRPC has no descriptors
module openaikserve.grpc {
  requires static transitive org.jspecify;
  requires transitive openaikserve.core;
  requires transitive io.grpc;
  requires com.google.common; // used by generated code
  requires com.google.protobuf;
  requires static com.google.protobuf.util;
  requires io.grpc.protobuf;
  requires io.grpc.stub;
  requires io.grpc.util;
  requires java.net.http;
  requires org.slf4j;
  // Used by gRPC and Netty, which have no module descriptors to declare them.
  requires java.logging;
  requires java.naming;
  requires jdk.unsupported;

  exports io.github.openaikserve.grpc;
  exports io.github.openaikserve.grpc.recording;

  opens io.github.openaikserve.grpc.proto to
      com.google.protobuf;
}
