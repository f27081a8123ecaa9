package app;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;

/** Asks a model server one question. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    try (var backend = GrpcBackend.connect(args[0])) {
      var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();
      System.out.println(
          Main.class.getModule().getName()
              + ": "
              + openai.completions().create(r -> r.prompt("hello")).text());
    }
  }
}
