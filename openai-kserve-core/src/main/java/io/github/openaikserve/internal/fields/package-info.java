/** Checks and copies of the fields of requests. */
@org.jspecify.annotations.NullMarked
package io.github.openaikserve.internal.fields;
