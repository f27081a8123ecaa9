/**
 * OpenAI's Java SDK in process. Begin with {@link
 * io.github.openaikserve.openaijava.InProcessOpenAi}.
 */
@NullMarked
package io.github.openaikserve.openaijava;

import org.jspecify.annotations.NullMarked;
