package dev.convene.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  private static final int[][] COLOURS = {
    {0xFF0000, 0x00FF00, 0x0000FF}, {0x010203, 0xFFFFFF, 0x646464}
  };

  private static double[] decode(byte[] file, int width, int height, int channels)
      throws UnreadableImageException {
    return new ImageDecoder(new ImageShape(width, height, channels)).decode(file);
  }

  @ParameterizedTest
  @CsvSource({
    "5, png", "1, png", "2, png", "6, png", "13, png", "5, bmp", "1, bmp", "8, bmp", "9, bmp",
    "13, bmp"
  })
  void channelAfterChannelAndRowAfterRow(int type, String format) throws Exception {
    // 5- and 6-bit colours, and a palette of 216, hold these colours only.
    int[][] colours = {{0xFF0000, 0x00FF00, 0x0000FF}, {0x000000, 0xFFFFFF, 0xFFFF00}};
    byte[] file = ImageFiles.encoded(ImageFiles.image(type, colours), format);
    assertThat(decode(file, 3, 2, 3))
        .containsExactly(
            255, 0, 0, 0, 255, 255, // red
            0, 255, 0, 0, 255, 255, // green
            0, 0, 255, 0, 255, 0); // blue
  }

  @Test
  void coloursBecomeGreyAsBt601Has() throws Exception {
    byte[] file = ImageFiles.encoded(ImageFiles.image(BufferedImage.TYPE_INT_RGB, COLOURS), "png");
    // .299 x 255 = 76.2, .587 x 255 = 149.7, .114 x 255 = 29.1, .299 + 1.174 + .342 = 1.8
    assertThat(decode(file, 3, 2, 1)).containsExactly(76, 150, 29, 2, 255, 100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "jpg"})
  void greySamplesAreTakenAsTheyAre(String format) throws Exception {
    int[][] samples = new int[16][16];
    Arrays.stream(samples).forEach(row -> Arrays.fill(row, 128));
    double[] expected = new double[3 * 16 * 16];
    Arrays.fill(expected, 128);
    byte[] file = ImageFiles.encoded(ImageFiles.grey(samples), format);
    assertThat(decode(file, 16, 16, 3)).isEqualTo(expected);
    assertThat(decode(file, 16, 16, 1)).isEqualTo(Arrays.copyOf(expected, 16 * 16));
  }

  @Test
  void sixteenBitsBecomeEight() throws Exception {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 32896, 65535});
    assertThat(decode(ImageFiles.encoded(image, "png"), 3, 1, 1)).containsExactly(0, 128, 255);
  }

  @Test
  void howTransparentAPixelIsMakesNoDifference() throws Exception {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00102030);
    image.setRGB(1, 0, 0x80405060);
    assertThat(decode(ImageFiles.encoded(image, "png"), 2, 1, 3))
        .containsExactly(0x10, 0x40, 0x20, 0x50, 0x30, 0x60);
  }

  @Test
  void aShrunkPixelIsAMeanOfAllThatItCovers() throws Exception {
    byte[] file = ImageFiles.encoded(ImageFiles.grey(new int[][] {{0, 70, 140, 210}}), "png");
    // Weights 3/4, 3/4, 1/4 from the edges: (3 x 0 + 3 x 70 + 140) / 7, (70 + 3 x 140 + 3 x 210) /
    // 7
    assertThat(decode(file, 2, 1, 1)).containsExactly(50, 160);
    assertThat(decode(file, 1, 1, 1)).containsExactly(105);
  }

  @Test
  void aStretchedPixelLiesBetweenItsNeighbours() throws Exception {
    byte[] file = ImageFiles.encoded(ImageFiles.grey(new int[][] {{0, 100}, {100, 200}}), "png");
    assertThat(decode(file, 4, 2, 1)).containsExactly(0, 25, 75, 100, 100, 125, 175, 200);
    assertThat(decode(file, 2, 4, 1)).containsExactly(0, 100, 25, 125, 75, 175, 100, 200);
  }

  @Test
  void aPlainImageStaysPlain() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 50; i++) {
      BufferedImage image =
          ImageFiles.plain(1 + random.nextInt(90), 1 + random.nextInt(90), 0x337799);
      byte[] file = ImageFiles.encoded(image, "png");
      double[] pixels = decode(file, 1 + random.nextInt(40), 1 + random.nextInt(40), 3);
      int area = pixels.length / 3;
      assertThat(Arrays.copyOf(pixels, area)).containsOnly(0x33);
      assertThat(Arrays.copyOfRange(pixels, area, 2 * area)).containsOnly(0x77);
      assertThat(Arrays.copyOfRange(pixels, 2 * area, 3 * area)).containsOnly(0x99);
    }
  }

  /** Pillow rounds between columns and rows, so it may be one off. */
  @Test
  void resizesAsPillowDoes() throws Exception {
    JsonNode golden;
    try (var json = getClass().getResourceAsStream("/images/pillow.json")) {
      golden = new ObjectMapper().readTree(json);
    }
    assertThat(golden.get("cases")).hasSize(28);
    for (JsonNode one : golden.get("cases")) {
      byte[] file =
          Base64.getDecoder().decode(golden.get("files").get(one.get("file").asText()).asText());
      double[] pixels =
          decode(
              file,
              one.get("width").asInt(),
              one.get("height").asInt(),
              one.get("channels").asInt());
      byte[] expected = Base64.getDecoder().decode(one.get("pixels").asText());
      assertThat(pixels).hasSameSizeAs(expected);
      for (int i = 0; i < pixels.length; i++) {
        assertThat(pixels[i]).as("%s at %s", one, i).isCloseTo(expected[i] & 0xFF, within(1.0));
      }
    }
  }

  private static void assertRefused(String message, ThrowingCallable decoding) {
    assertThatThrownBy(decoding).isInstanceOf(UnreadableImageException.class).hasMessage(message);
  }

  @Test
  void whatIsNoImage() {
    assertRefused("the file is empty", () -> decode(new byte[0], 2, 2, 3));
    assertRefused(
        "the file is no image (PNG, JPEG, GIF or BMP)",
        () -> decode("Not an image.".getBytes(StandardCharsets.UTF_8), 2, 2, 3));
  }

  @ParameterizedTest
  @CsvSource({"tiff, 1", "wbmp, 12"})
  void whatJavaReadsBesides(String format, int type) {
    byte[] file = ImageFiles.encoded(new BufferedImage(3, 2, type), format);
    assertRefused("the file is no image (PNG, JPEG, GIF or BMP)", () -> decode(file, 2, 2, 3));
  }

  /** Two are no colours to Java, and four are CMYK. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void otherColours(int bands) {
    byte[] file = ImageFiles.jpegOfBands(bands);
    assertRefused(
        "the image's colours are neither grey nor RGB, but maybe CMYK",
        () -> decode(file, 2, 2, 3));
  }

  @ParameterizedTest
  @CsvSource({
    "png, Error reading PNG image data",
    "jpg, the file ends too early",
    "gif, I/O error reading image!",
    "bmp, the file ends too early"
  })
  void whatIsCutOff(String format, String problem) {
    byte[] file = ImageFiles.encoded(noise(60, 40), format);
    assertRefused(
        "the image is damaged: " + problem,
        () -> decode(Arrays.copyOf(file, file.length * 2 / 3), 2, 2, 3));
  }

  @Test
  void aReaderMayMeetDamageAnyHow() {
    // No damage of one byte surprises: it is decoded, or refused in a sentence.
    Random random = new Random(3);
    for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
      byte[] file = ImageFiles.encoded(noise(20, 10), format);
      int refused = 0;
      for (int at = 0; at < file.length; at += 1 + random.nextInt(3)) {
        byte[] damaged = file.clone();
        damaged[at] ^= (byte) (1 + random.nextInt(255));
        try {
          assertThat(decode(damaged, 4, 4, 1)).hasSize(16);
        } catch (UnreadableImageException e) {
          assertThat(e).hasMessageStartingWith("the ");
          refused++;
        }
      }
      assertThat(refused).as(format).isPositive();
    }
  }

  @Test
  void aHeaderMayClaimAnything() {
    assertRefused(
        "the image is of 10000 x 10001 pixels of 3 bytes, more than the 300000000 bytes that are"
            + " decoded",
        () -> decode(ImageFiles.claiming(10_000, 10_001), 2, 2, 3));
    assertRefused(
        "the image is of 65535 x 65535 pixels of 3 bytes, more than the 300000000 bytes that are"
            + " decoded",
        () -> decode(ImageFiles.claiming(65_535, 65_535), 2, 2, 3));
    assertRefused(
        "the image is of 65536 x 1 pixels, more than the 65535 across that are decoded",
        () -> decode(ImageFiles.claiming(65_536, 1), 2, 2, 3));
    assertRefused(
        "the image is of 1 x 2147483647 pixels, more than the 65535 across that are decoded",
        () -> decode(ImageFiles.claiming(1, Integer.MAX_VALUE), 2, 2, 3));
    assertRefused(
        "the image is damaged: Error reading PNG image data",
        () -> decode(ImageFiles.claiming(400, 500), 2, 2, 3));
  }

  private static BufferedImage noise(int width, int height) {
    Random random = new Random(5);
    int[][] rgb = new int[height][width];
    for (int[] row : rgb) {
      Arrays.setAll(row, x -> random.nextInt(1 << 24));
    }
    return ImageFiles.image(BufferedImage.TYPE_3BYTE_BGR, rgb);
  }
}
