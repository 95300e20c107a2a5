/** Data sets that Convene knows by name, and how their files come into the cache. */
package dev.convene.data.fetch;
