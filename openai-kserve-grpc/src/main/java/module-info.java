/**
 * An inference backend over KServe v2 gRPC. Begin with {@code
 * io.github.openaikserve.grpc.GrpcBackend}.
 *
 * <p>gRPC's and protobuf's jars are automatic modules, so the module system resolves every
 * automatic module of the module path with this module, a transport among them. An application that
 * records calls requires {@code com.google.protobuf.util}.
 */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // gRPC has no descriptors
module openaikserve.grpc {
  requires static transitive org.jspecify;
  requires transitive openaikserve.core;
  requires transitive io.grpc;
  requires com.google.common; // of generated code
  requires com.google.protobuf;
  requires static com.google.protobuf.util;
  requires io.grpc.protobuf;
  requires io.grpc.stub;
  requires io.grpc.util;
  requires java.net.http;
  requires org.slf4j;
  // Used by gRPC and netty, which cannot say so.
  requires java.logging;
  requires java.naming;
  requires jdk.unsupported;

  exports io.github.openaikserve.grpc;
  exports io.github.openaikserve.grpc.recording;

  opens io.github.openaikserve.grpc.proto to
      com.google.protobuf;
}
