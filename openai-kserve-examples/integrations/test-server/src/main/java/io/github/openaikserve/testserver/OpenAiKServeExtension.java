package io.github.openaikserve.testserver;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A JUnit extension that starts a scripted model server, a service over it, and a server of
 * OpenAI's API for each test, and closes them afterwards. Requires JUnit 5.10 or later.
 *
 * <pre>{@code
 * @ExtendWith(OpenAiKServeExtension.class)
 * class MyClientTest {
 *   @Test
 *   void retries(KServeTestServer model, OpenAiTestServer server) {
 *     model.failing(BackendCode.UNAVAILABLE, "busy");
 *     ... a client of server.baseUrl()
 *   }
 * }
 * }</pre>
 *
 * <p>Test methods, and methods before or after each test, can have these parameters: a {@link
 * KServeTestServer}, an {@link OpenAiTestServer}, an {@link OpenAiKServe}, and the service's {@link
 * InferenceBackend}. The service has the model {@value #MODEL} with AnyServe's dialect. For other
 * models, use {@link #with} and a field with {@code @RegisterExtension}.
 */
public final class OpenAiKServeExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  /** The model of the default configuration. */
  public static final String MODEL = "test";

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(OpenAiKServeExtension.class);

  private final Consumer<OpenAiKServe.Builder> configuration;

  /** Creates an extension whose service has the model {@value #MODEL}. */
  public OpenAiKServeExtension() {
    this(
        service ->
            service.model(
                MODEL, m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML)));
  }

  private OpenAiKServeExtension(Consumer<OpenAiKServe.Builder> configuration) {
    this.configuration = Objects.requireNonNull(configuration, "configuration");
  }

  /** Returns an extension with a function that configures the service, such as its models. */
  public static OpenAiKServeExtension with(Consumer<OpenAiKServe.Builder> configuration) {
    return new OpenAiKServeExtension(configuration);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put(Servers.class, new Servers(configuration));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Servers servers = context.getStore(NAMESPACE).remove(Servers.class, Servers.class);
    if (servers != null) {
      servers.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == KServeTestServer.class
        || type == OpenAiTestServer.class
        || type == OpenAiKServe.class
        || type == InferenceBackend.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Servers servers = context.getStore(NAMESPACE).get(Servers.class, Servers.class);
    if (servers == null) {
      throw new IllegalStateException(
          "the servers start before each test; use them in test, @BeforeEach or @AfterEach"
              + " methods");
    }
    Class<?> type = parameter.getParameter().getType();
    if (type == KServeTestServer.class) {
      return servers.model;
    }
    if (type == OpenAiTestServer.class) {
      return servers.http;
    }
    return type == OpenAiKServe.class ? servers.openai : servers.backend;
  }

  /** The servers of one test. */
  private static final class Servers {
    final KServeTestServer model = KServeTestServer.start();
    final InferenceBackend backend = GrpcBackend.connect(model.target());
    final OpenAiKServe openai;
    final OpenAiTestServer http;

    Servers(Consumer<OpenAiKServe.Builder> configuration) {
      OpenAiKServe.Builder service = OpenAiKServe.builder(backend);
      configuration.accept(service);
      openai = service.build();
      http = OpenAiTestServer.start(openai.httpHandler());
    }

    void close() {
      http.close();
      backend.close(); // before the service, which would wait for calls that hang
      openai.close();
      model.close();
    }
  }
}
