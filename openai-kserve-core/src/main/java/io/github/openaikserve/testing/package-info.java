/**
 * What a user needs to test code that uses this library, without a server.
 *
 * <p>Here lives the fake backend, which needs no test framework. Begin with {@link
 * io.github.openaikserve.testing.FakeBackend}.
 */
@NullMarked
package io.github.openaikserve.testing;

import org.jspecify.annotations.NullMarked;
