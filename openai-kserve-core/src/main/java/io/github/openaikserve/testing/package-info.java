/**
 * Tools for testing code that uses this library, without a model server.
 *
 * <p>Contains a fake backend, which answers from a script, and a scheduler that a test controls.
 * Neither requires a test framework. Start with {@link io.github.openaikserve.testing.FakeBackend}.
 * The gRPC module can record and replay real traffic.
 */
@NullMarked
package io.github.openaikserve.testing;

import org.jspecify.annotations.NullMarked;
