package io.github.openaikserve.benchmarks;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A channel that answers each call with a number of equal messages, on the caller's thread. */
final class LoopChannel extends Channel {
  private final byte[] message;
  private final int count;

  LoopChannel(byte[] message, int count) {
    this.message = message;
    this.count = count;
  }

  @Override
  public String authority() {
    return "loop";
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    return new Call<>(method);
  }

  private final class Call<Q, A> extends ClientCall<Q, A> {
    private final MethodDescriptor<Q, A> method;
    private @Nullable Listener<A> listener;
    private int given;
    private long wanted;
    private boolean half;

    Call(MethodDescriptor<Q, A> method) {
      this.method = method;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      this.listener = listener;
    }

    @Override
    public void sendMessage(Q request) {
      try (InputStream bytes = method.streamRequest(request)) {
        bytes.transferTo(java.io.OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void halfClose() {
      half = true;
      give();
    }

    @Override
    public void request(int n) {
      wanted += n;
      give();
    }

    private void give() {
      Listener<A> told = Objects.requireNonNull(listener);
      if (!half) {
        return;
      }
      while (given < count && wanted > 0) {
        given++;
        wanted--;
        told.onMessage(method.parseResponse(new ByteArrayInputStream(message)));
      }
      if (given == count) {
        given++;
        told.onClose(Status.OK, new Metadata());
      }
    }

    @Override
    public void cancel(@Nullable String why, @Nullable Throwable cause) {
      given = count + 1;
    }
  }
}
