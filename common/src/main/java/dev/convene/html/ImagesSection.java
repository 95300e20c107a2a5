package dev.convene.html;

import dev.convene.data.image.ImageShape;
import dev.convene.data.image.Png;
import dev.convene.data.image.Thumbnail;
import dev.convene.report.EvaluatedRow;
import dev.convene.report.EvaluationSample;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Test images with what a model takes them for, and what a softmax model looks for in them. */
final class ImagesSection {
  private static final int MOST_CLASSES = 20;
  private static final int MOST_IMAGES = 24;
  private static final int MOST_WEIGHTS_A_SIDE = 64;

  private ImagesSection() {}

  /**
   * Test images of a classifier.
   *
   * @param names of all classes
   */
  static Element ofClasses(EvaluationSample sample, List<String> names) {
    Element section =
        Tables.section("Test images").add(Element.of("h3", "Random ones: label and prediction"));
    section.add(grid(sample.random(), row -> classified(row, names)));
    if (!sample.worst().isEmpty()) {
      section
          .add(Element.of("h3", "The worst mistakes: the least probability for the label"))
          .add(grid(sample.worst(), row -> classified(row, names)));
    }
    return section;
  }

  /** Test images of a regression. */
  static Element ofNumbers(EvaluationSample sample) {
    return Tables.section("Test images")
        .add(Element.of("h3", "Random ones: label and prediction"))
        .add(grid(sample.random(), ImagesSection::regressed));
  }

  private static Element grid(List<EvaluatedRow> rows, Function<EvaluatedRow, Element> figure) {
    return Element.classed("div", "images")
        .addAll(rows.stream().limit(MOST_IMAGES).map(figure).toList());
  }

  private static Element classified(EvaluatedRow row, List<String> names) {
    boolean isRight = row.label() == row.prediction();
    String label = names.get(row.label());
    String prediction = names.get(row.prediction());
    Element caption = Element.of("figcaption");
    if (isRight) {
      caption.add(Element.of("b", "✓ " + label));
    } else {
      caption.text(label + " → ").add(Element.of("b", "✗ " + prediction));
    }
    caption.add(Element.of("br")).text(Figures.percent(row.output(row.prediction())));
    return Element.classed("figure", isRight ? "good" : "bad")
        .add(
            image((Thumbnail) row.source(0), "label %s, predicted %s".formatted(label, prediction)))
        .add(caption);
  }

  private static Element regressed(EvaluatedRow row) {
    String label = Figures.significant(row.label(0));
    String prediction = Figures.significant(row.output(0));
    return Element.of("figure")
        .add(
            image((Thumbnail) row.source(0), "label %s, predicted %s".formatted(label, prediction)))
        .add(Element.of("figcaption", label + " → " + prediction));
  }

  private static Element image(Thumbnail image, String meaning) {
    return image(image.png(1), image.width(), image.height(), meaning);
  }

  private static Element image(byte[] png, int width, int height, String meaning) {
    return Element.of("img")
        .with("src", "data:image/png;base64," + Base64.getEncoder().encodeToString(png))
        .with("style", "--w:%d;--h:%d".formatted(width, height))
        .with("alt", meaning);
  }

  /**
   * The weights of a softmax model's classes as images.
   *
   * @param weights [class][pixel] and maybe more
   */
  static Element ofWeights(float[] weights, ImageShape shape, List<String> names) {
    Element grid = Element.classed("div", "images");
    float[] sizes = Arrays.copyOf(weights, shape.values() * names.size());
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.abs(sizes[i]);
    }
    Arrays.sort(sizes);
    // A few weights are very large: they may be as dark as somewhat smaller ones.
    float darkest = Math.max(Float.MIN_NORMAL, sizes[(int) (0.995 * (sizes.length - 1))]);
    int stride = 1 + (Math.max(shape.width(), shape.height()) - 1) / MOST_WEIGHTS_A_SIDE;
    int width = 1 + (shape.width() - 1) / stride;
    int height = 1 + (shape.height() - 1) / stride;
    for (int k = 0; k < Math.min(names.size(), MOST_CLASSES); k++) {
      int from = k * shape.values();
      byte[] png =
          Png.of(
              width,
              height,
              (x, y) -> colour(weight(weights, from, shape, x * stride, y * stride) / darkest));
      grid.add(
          Element.of("figure")
              .add(image(png, width, height, "weights of " + names.get(k)))
              .add(Element.of("figcaption", names.get(k))));
    }
    return Tables.section("Weights of every class")
        .add(
            Element.classed("p", "soft")
                .text(
                    String.format(
                        Locale.ROOT,
                        "A bright pixel speaks for the class where it is red and against it where it is blue; the"
                            + " darkest stand for %.3g and more.",
                        darkest)))
        .add(grid);
  }

  /** The mean over channels. */
  private static double weight(float[] weights, int from, ImageShape shape, int x, int y) {
    double sum = 0;
    int area = shape.width() * shape.height();
    for (int channel = 0; channel < shape.channels(); channel++) {
      sum += weights[from + channel * area + y * shape.width() + x];
    }
    return sum / shape.channels();
  }

  /** From blue at -1 through white to red at 1. */
  private static int colour(double value) {
    double size = Math.min(1, Math.abs(value));
    int[] end = value < 0 ? new int[] {0x21, 0x66, 0xAC} : new int[] {0xB2, 0x18, 0x2B};
    int rgb = 0;
    for (int channel : end) {
      rgb = (rgb << 8) | (int) Math.round(247 + size * (channel - 247));
    }
    return rgb;
  }
}
