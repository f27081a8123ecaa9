/**
 * Every exception the library throws, and nothing else.
 *
 * <p>Whose fault it was decides the class. Begin with {@link
 * io.github.openaikserve.error.OpenAiException}.
 */
@NullMarked
package io.github.openaikserve.error;

import org.jspecify.annotations.NullMarked;
