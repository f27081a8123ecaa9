/**
 * What a user needs to test code that uses this library, without a server.
 *
 * <p>Here live the fake backend, which answers from a script, and the recorder and the replay of
 * real conversations. None needs a test framework. Begin with {@link
 * io.github.openaikserve.testing.FakeBackend} or {@link
 * io.github.openaikserve.testing.RecordingBackend}.
 */
@NullMarked
package io.github.openaikserve.testing;

import org.jspecify.annotations.NullMarked;
