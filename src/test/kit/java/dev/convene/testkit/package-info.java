/** What the tests of several modules share: no module's main code sees it. */
package dev.convene.testkit;
