/** What a run looks like in a browser: report.html, and runs side by side. */
package dev.convene.html;
