/**
 * Tests of code that uses this library, without a model server.
 *
 * <p>Contains a fake backend, which answers from a script, and a scheduler that a test controls.
 * Neither needs a test framework. Begin with {@link io.github.openaikserve.testing.FakeBackend}.
 * The gRPC module records and replays real conversations.
 */
@NullMarked
package io.github.openaikserve.testing;

import org.jspecify.annotations.NullMarked;
