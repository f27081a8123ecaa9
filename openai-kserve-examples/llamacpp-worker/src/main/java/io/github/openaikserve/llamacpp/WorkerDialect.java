package io.github.openaikserve.llamacpp;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.kserve.Datatype;

/** The dialect of {@link LlamaCppWorker}: AnyServe's, with three more inputs. */
public final class WorkerDialect {
  /** AnyServe's table with {@code seed}, {@code response_format} and {@code tool_calls}. */
  public static final Dialect INSTANCE =
      Dialects.anyServe("llamacpp-worker")
          .input("seed", Datatype.INT64, RequestField.SEED)
          .input("response_format", Datatype.BYTES, RequestField.RESPONSE_FORMAT)
          .input("tool_calls", Datatype.BYTES, RequestField.TOOL_CALL_STRUCTURES)
          .build();

  private WorkerDialect() {}
}
