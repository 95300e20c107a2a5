package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.data.image.Png;
import dev.convene.data.image.Thumbnail;
import dev.convene.report.TextTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;

/**
 * Shows a random row of predict.input or, if that is not set, of data.test: its image or its
 * columns, its label if it has one, and what the model in output.dir takes it for.
 *
 * <pre>convene show conf/mnist-softmax.conf --set show.seed=7</pre>
 */
@Command(
    name = "show",
    description = "Show a random row, its image if it is one, and what the model takes it for.")
final class ShowJob extends Job {
  private static final int MOST_CLASSES = 5;
  private static final int BAR = 30;
  private static final int MOST_COLUMNS = 60;

  /** Of a picture's longer side, about. */
  private static final int PICTURE_PIXELS = 280;

  private static final int FRAME = 8;
  private static final int GREEN = 0x157F4F;
  private static final int RED = 0xC0312B;
  private static final int GREY = 0x8A93A3;

  @Override
  String run() throws IOException {
    Setting<List<String>> source =
        settings().value(Keys.PREDICT_INPUT).isEmpty() ? Keys.DATA_TEST : Keys.PREDICT_INPUT;
    settings().required(source);
    Optional<OutputFile> picture =
        OutputFile.ifSet(settings(), Keys.SHOW_PICTURE, ".png", hadoop());
    ScoringPipeline model = ScoringPipeline.load(settings(), spark());
    InputReader data = new InputReader(settings(), spark());
    ShownRow row =
        ShownRow.draw(rows(source, data, model), model, settings().value(Keys.SHOW_SEED));
    if (picture.isPresent() && row.image().isEmpty()) {
      throw ConveneException.usage(
          "%s is set, but the rows of %s are no images: leave it out",
          Keys.SHOW_PICTURE, data.named(source));
    }
    System.out.printf(
        "a row of %s, %s = %s%n%n",
        data.named(source), Keys.SHOW_SEED, settings().value(Keys.SHOW_SEED));
    System.out.println(row.image().map(ShowJob::drawn).orElseGet(() -> columns(row)));
    System.out.print(likeliest(row));
    if (picture.isPresent()) {
      picture.get().write(framed(row));
    }
    return summary(row);
  }

  /** With labels, where the source has them. */
  private static Dataset<Row> rows(
      Setting<List<String>> source, InputReader data, ScoringPipeline model) {
    if (source == Keys.DATA_TEST || data.hasLabels(source)) {
      return data.read(source, model.columns(data.labels()));
    }
    return data.read(source, model.columns(List.of()));
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 22 sees a console everywhere.
  private static String drawn(Thumbnail image) {
    boolean inColour = System.console() != null && System.getenv("NO_COLOR") == null;
    return new TerminalImage(image).text(inColour);
  }

  private static String columns(ShownRow row) {
    List<List<String>> lines = new ArrayList<>();
    for (int i = 0; i < Math.min(row.names().size(), MOST_COLUMNS); i++) {
      lines.add(List.of(row.names().get(i), row.values().get(i)));
    }
    int more = row.names().size() - lines.size();
    return (lines.isEmpty() ? "" : TextTable.of(lines))
        + (more > 0 ? "... and %d more columns%n".formatted(more) : "");
  }

  /** The most probable classes, the first first; nothing of a regression. */
  private static String likeliest(ShownRow row) {
    if (row.likeliest().isEmpty()) {
      return "";
    }
    List<List<String>> lines = new ArrayList<>(List.of(List.of("class", "probability", "")));
    for (ShownRow.Likely one : row.likeliest().stream().limit(MOST_CLASSES).toList()) {
      String bar = "█".repeat((int) Math.round(BAR * one.probability()));
      lines.add(
          List.of(
              one.name(),
              String.format(Locale.ROOT, "%.4f", one.probability()),
              bar + " ".repeat(BAR - bar.length())));
    }
    return TextTable.of(lines)
        .lines()
        .map(String::stripTrailing)
        .reduce("", (a, b) -> a + b + "\n");
  }

  private static String summary(ShownRow row) {
    return row.label().map(label -> "label " + label + ", ").orElse("no label, ")
        + "predicted "
        + row.prediction()
        + row.isRight().map(right -> right ? ": right" : ": wrong").orElse("");
  }

  /** The image, enlarged, in a frame that is green if the prediction is right, and red if not. */
  private static byte[] framed(ShownRow row) {
    Thumbnail image = row.image().orElseThrow();
    int side = Math.max(1, PICTURE_PIXELS / Math.max(image.width(), image.height()));
    int width = image.width() * side;
    int height = image.height() * side;
    int frame = row.isRight().map(right -> right ? GREEN : RED).orElse(GREY);
    return Png.of(
        width + 2 * FRAME,
        height + 2 * FRAME,
        (x, y) -> {
          boolean isInside = x >= FRAME && x < FRAME + width && y >= FRAME && y < FRAME + height;
          return isInside ? image.rgb((x - FRAME) / side, (y - FRAME) / side) : frame;
        });
  }
}
