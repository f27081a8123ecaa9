package io.github.openaikserve.llamacpp;

import io.grpc.stub.ServerCallStreamObserver;

/**
 * Lets a generating thread wait until the client has taken what was sent. Made on gRPC's thread
 * before the call's handler returns; used by one generating thread.
 */
final class StreamGate {
  private final ServerCallStreamObserver<?> call;

  StreamGate(ServerCallStreamObserver<?> call) {
    this.call = call;
    call.setOnReadyHandler(this::wake);
    call.setOnCancelHandler(this::wake);
  }

  /**
   * Waits until more may be sent.
   *
   * @return false when the client is gone
   */
  synchronized boolean await() throws InterruptedException {
    while (!call.isReady() && !call.isCancelled()) {
      wait();
    }
    return !call.isCancelled();
  }

  private synchronized void wake() {
    notifyAll();
  }
}
