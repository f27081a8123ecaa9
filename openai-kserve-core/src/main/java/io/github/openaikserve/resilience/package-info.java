/**
 * Backends around a backend: how many calls it gets at a time, and whether it gets any.
 *
 * <p>Here lives what keeps a model server from being overrun, and callers from a server that is
 * half dead; nothing that knows OpenAI's objects or gRPC does. Begin with {@link
 * io.github.openaikserve.resilience.LimitedBackend} and {@link
 * io.github.openaikserve.resilience.CircuitBackend}.
 */
@NullMarked
package io.github.openaikserve.resilience;

import org.jspecify.annotations.NullMarked;
