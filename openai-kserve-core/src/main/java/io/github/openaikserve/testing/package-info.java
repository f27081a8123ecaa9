/**
 * Tests of code that uses this library, without a model server.
 *
 * <p>Contains a fake backend, which answers from a script, and the recorder and the replay of real
 * conversations. None of them needs a test framework. Begin with {@link
 * io.github.openaikserve.testing.FakeBackend} or {@link
 * io.github.openaikserve.testing.RecordingBackend}.
 */
@NullMarked
package io.github.openaikserve.testing;

import org.jspecify.annotations.NullMarked;
