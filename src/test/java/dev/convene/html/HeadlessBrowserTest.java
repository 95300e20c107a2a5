package dev.convene.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests' browser sees what they look for. */
@Tag("process")
class HeadlessBrowserTest {
  @TempDir Path folder;

  @Test
  void errorsAndRequestsAreSeen() throws Exception {
    assumeTrue(HeadlessBrowser.installed().isPresent(), "no Chromium here: nothing was opened");
    Path page =
        Files.writeString(
            folder.resolve("page.html"),
            "<p>x</p><script>document.body.append('drawn'); none();</script>"
                + "<img src=\"http://127.0.0.1:9/x.png\">");

    HeadlessBrowser.Shown shown = HeadlessBrowser.installed().orElseThrow().open(page, folder);

    assertThat(shown.dom()).contains("drawn");
    assertThat(shown.console()).anyMatch(line -> line.contains("none is not defined"));
    assertThat(shown.requests()).contains("http://127.0.0.1:9/x.png");
  }
}
