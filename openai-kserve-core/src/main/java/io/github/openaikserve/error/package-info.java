/**
 * Every exception the library throws, and the tables that decide which one a model server's failure
 * becomes.
 *
 * <p>Whose fault it was decides the class. Begin with {@link
 * io.github.openaikserve.error.OpenAiException}.
 */
@NullMarked
package io.github.openaikserve.error;

import org.jspecify.annotations.NullMarked;
