package dev.convene.data.idx;

import dev.convene.data.pixels.ImageCursor;
import java.io.IOException;

/** Reads a pair side by side; a file whose items are never asked for is not opened. */
record IdxCursor(IdxItems images, IdxItems labels) implements ImageCursor {
  @Override
  public boolean next() {
    return true;
  }

  @Override
  public int label() throws IOException {
    return Byte.toUnsignedInt(labels.next()[0]);
  }

  @Override
  public byte[] pixels() throws IOException {
    return images.next();
  }

  @Override
  public void close() throws IOException {
    try (images) {
      labels.close();
    }
  }
}
