package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ServerReadyRequest;
import io.github.openaikserve.grpc.proto.ServerReadyResponse;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A container that loads an application, uses it, closes it, and waits until it is unloaded. */
final class Unloading {
  private Unloading() {}

  /**
   * Exits with 1 if the application is not unloaded within 20 seconds.
   *
   * @param args a target
   */
  public static void main(String[] args) throws Exception {
    useGrpc(args[0]);
    WeakReference<ClassLoader> loader = runAndClose(args[0]);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (loader.get() != null) { // gRPC's threads end one second after their last use
      if (System.nanoTime() > deadline) {
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        System.out.println("still loaded; threads: " + threads);
        System.exit(1);
      }
      System.gc();
      LockSupport.parkNanos(20_000_000);
    }
    System.exit(0);
  }

  /**
   * Initializes gRPC's classes outside the application. Some of them have an exception in a static
   * field, which references the class loaders of all code on its stack.
   */
  private static void useGrpc(String target) throws InterruptedException {
    ManagedChannel channel =
        Grpc.newChannelBuilder(target, InsecureChannelCredentials.create()).build();
    ServerReadyResponse unused =
        GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .serverReady(ServerReadyRequest.getDefaultInstance());
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  private static WeakReference<ClassLoader> runAndClose(String target) throws Exception {
    try (var application = new LoadedApplication("a", target)) {
      application.call();
      return new WeakReference<>(application.type().getClassLoader());
    }
  }
}
