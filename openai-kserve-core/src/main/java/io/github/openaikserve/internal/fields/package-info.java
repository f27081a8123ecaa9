/** Checks and copies of request fields. */
@org.jspecify.annotations.NullMarked
package io.github.openaikserve.internal.fields;
