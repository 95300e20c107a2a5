package dev.convene.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A user's HOCON file. It may include files, relative to itself, and nothing else: a conf never
 * makes the program fetch a URL or look into the class path.
 *
 * @param parent the file that includes this one; null for the one the command line names
 */
record ConfFile(Path path, ConfFile parent)
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  private static final Pattern URL_LIKE = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");

  /** The file's settings with substitutions unresolved. */
  static Config parse(Path path) {
    return parsed(path.toString(), () -> new ConfFile(path, null).parse());
  }

  /** The settings of a text that is no file of this machine, and can include none. */
  static Config parse(String text, String origin) {
    SchemaComment.check(text, origin);
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setOriginDescription(origin)
            .setIncluder(new ConfFile(Path.of(origin), null));
    return parsed(origin, () -> ConfigFactory.parseString(text, options));
  }

  private static Config parsed(String name, Supplier<Config> parser) {
    try {
      return parser.get();
    } catch (ConfigException e) {
      throw unreadable(e);
    } catch (StackOverflowError e) {
      throw ConveneException.usage("the conf %s cannot be read: it is nested too deeply", name);
    }
  }

  static ConveneException unreadable(ConfigException e) {
    return new ConveneException(ExitStatus.USAGE, "the conf cannot be read: " + e.getMessage(), e);
  }

  private Config parse() {
    if (!Files.isRegularFile(path)) {
      throw ConveneException.usage("there is no conf file %s%s", path, includedBy());
    }
    for (ConfFile ancestor = parent; ancestor != null; ancestor = ancestor.parent) {
      if (ancestor.path.normalize().equals(path.normalize())) {
        throw ConveneException.usage("%s includes itself%s", path, includedBy());
      }
    }
    if (Files.isReadable(path)) {
      SchemaComment.check(path);
    }
    return ConfigFactory.parseFile(
        path.toFile(),
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setAllowMissing(false)
            .setIncluder(this));
  }

  private String includedBy() {
    return parent == null ? "" : " (included by " + parent.path + ")";
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String location) {
    if (URL_LIKE.matcher(location).matches()) {
      throw refused(location);
    }
    return new ConfFile(sibling(location), this).parse().root();
  }

  private Path sibling(String location) {
    try {
      return path.resolveSibling(location);
    } catch (InvalidPathException e) {
      throw ConveneException.usage("%s includes a file that cannot be: %s", path, e.getMessage());
    }
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File location) {
    return include(context, location.getPath());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL location) {
    throw refused(location.toString());
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String location) {
    throw refused(location);
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  private ConveneException refused(String location) {
    return ConveneException.usage(
        "%s includes %s, but a conf may only include files of this machine", path, location);
  }
}
